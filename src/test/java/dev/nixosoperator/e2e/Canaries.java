package dev.nixosoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.LabVm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Secrets that must show up nowhere but where they belong; looks for them while an installation runs. */
final class Canaries implements AutoCloseable {
    private static final Duration LOCAL = Duration.ofMillis(200);
    /** Process lists of the machine, twice a second, for as long as this boot lasts. */
    private static final String WATCH = "while sleep 0.5; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; done";

    private final LabVm vm;
    private final List<String> secrets;
    private final Set<String> found = new ConcurrentSkipListSet<>();
    private final ScheduledExecutorService local = Executors.newSingleThreadScheduledExecutor();
    private final Path remote;
    private @Nullable Future<?> looking;
    private final List<Process> watches = new ArrayList<>();

    private Canaries(LabVm vm, List<String> secrets, Path remote) {
        this.remote = remote;
        this.vm = vm;
        this.secrets = secrets;
    }

    static Canaries watch(LabVm vm, String privateKeyLine) {
        Canaries canaries = new Canaries(vm, List.of(Scenario.PASSPHRASE, Scenario.EXTRA, privateKeyLine), temporary());
        canaries.lookInThisBoot();
        canaries.looking =
                canaries.local.scheduleWithFixedDelay(canaries::look, 0, LOCAL.toMillis(), TimeUnit.MILLISECONDS);
        return canaries;
    }

    /** The processes of this computer; kubectl and ours are given no secret on the command line either. */
    private void look() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .map(process -> process.resolve("cmdline"))
                    .filter(Files::isReadable)
                    .forEach(this::read);
        } catch (IOException gone) {
            // a process that ended while it was looked at
        }
    }

    private void read(Path cmdline) {
        try {
            String line = Files.readString(cmdline, StandardCharsets.ISO_8859_1);
            if (!line.contains("vm.sh")) { // a person types the passphrase at the console
                secrets.stream().filter(line::contains).forEach(found::add);
            }
        } catch (IOException gone) {
            // likewise
        }
    }

    /** From now on in the system that runs now, too. */
    void lookInThisBoot() {
        watches.add(vm.follow(WATCH, remote));
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("process-lists", ".txt");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void assertNoneIn(String where, String text) {
        assertThat(secrets).as("in " + where).noneMatch(text::contains);
    }

    /** To be asked before {@link #assertNoneOnTheMachine}, which names the secrets in a command itself. */
    void assertNoneInAProcessList() {
        assertThat(Objects.requireNonNull(looking)).isNotDone();
        local.shutdownNow();
        assertThat(found).isEmpty();
        assertThat(remote).content().contains("kexec/run", "nixos-install");
        assertThat(remote).content().doesNotContain(secrets.toArray(String[]::new));
    }

    /** Files of the installed system, its store included. */
    void assertNoneOnTheMachine(String but) {
        String patterns = String.join("\\|", List.of(Scenario.PASSPHRASE, Scenario.EXTRA));
        // The pattern itself stands in the command line of grep's shell, so /proc is left out.
        String hits = vm.exec("grep -rlas --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev '" + patterns
                + "' /etc /var /root /home /boot /tmp /run /nix/var /nix/store/*lab* 2>/dev/null || true");
        assertThat(hits.lines().filter(file -> !file.equals(but))).isEmpty();
    }

    @Override
    public void close() {
        local.shutdownNow();
        watches.forEach(Process::destroy);
    }
}
