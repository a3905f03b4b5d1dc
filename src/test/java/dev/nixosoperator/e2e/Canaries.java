package dev.nixosoperator.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
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

/** Secrets that must show up nowhere but where they belong; looks for them while an installation runs and after it. */
final class Canaries implements AutoCloseable {
    private static final Duration LOCAL = Duration.ofMillis(200);
    /** Command lines and environments of the machine, for as long as this boot lasts. */
    private static final String PROCESSES =
            "while sleep 0.5; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '; done";
    /** Whether the key of the disk is there, for as long as this boot lasts. */
    private static final String KEY =
            "while sleep 0.2; do if [ -e /run/keys/root ]; then echo there; else echo gone; fi; done";

    private final Scenario story;
    private final List<String> secrets;
    private final Set<String> found = new ConcurrentSkipListSet<>();
    private final ScheduledExecutorService local = Executors.newSingleThreadScheduledExecutor();
    private final Path processes;
    private final Path key;
    private final List<Process> watches = new ArrayList<>();
    private @Nullable Future<?> looking;

    private Canaries(Scenario story) {
        this.story = story;
        secrets = List.of(Scenario.PASSPHRASE, Scenario.EXTRA, story.privateKeyLine());
        processes = story.file("process-lists.txt");
        key = story.file("key.txt");
    }

    static Canaries watch(Scenario story) {
        Canaries canaries = new Canaries(story);
        canaries.lookInThisBoot();
        canaries.looking =
                canaries.local.scheduleWithFixedDelay(canaries::look, 0, LOCAL.toMillis(), TimeUnit.MILLISECONDS);
        return canaries;
    }

    /** The processes of this computer; kubectl and ours are given no secret there either. */
    private void look() {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            all.flatMap(process -> Stream.of(process.resolve("cmdline"), process.resolve("environ")))
                    .filter(Files::isReadable)
                    .forEach(this::read);
        } catch (IOException gone) {
            // a process that ended while it was looked at
        }
    }

    private void read(Path file) {
        try {
            String text = Files.readString(file, ISO_8859_1);
            if (!text.contains("vm.sh")) { // a person types the passphrase at the console
                secrets.stream().filter(text::contains).forEach(found::add);
            }
        } catch (IOException gone) {
            // likewise
        }
    }

    /** From now on in the system that runs now, too. */
    void lookInThisBoot() {
        watches.add(story.vm.follow(PROCESSES, processes));
    }

    /** From now on in the installer, to its end. */
    void lookInTheInstaller() {
        lookInThisBoot();
        watches.add(story.vm.follow(KEY, key));
    }

    /** When all is done: what was seen on the way, and what is left. */
    void assertNoneButIn(String... files) throws IOException {
        assertThat(Objects.requireNonNull(looking)).isNotDone();
        local.shutdownNow();
        assertThat(found).as("processes of this computer").isEmpty();

        assertThat(Files.readString(processes, ISO_8859_1)).contains("kexec/run", "nixos-install");
        assertThat(Files.readAllLines(key)).startsWith("gone").contains("there").endsWith("gone");
        assertThat(story.files()).contains(processes);
        assertThat(story.files())
                .as("log and cache of the operator, processes of the machine")
                .noneMatch(this::holdsOne);

        String cluster = story.everythingInTheCluster();
        assertThat(secrets).as("in the API server").noneMatch(cluster::contains);
        assertThat(cluster.lines().filter(line -> line.startsWith("secret/")))
                .containsExactlyInAnyOrder("secret/ssh", "secret/luks", "secret/files");

        assertNoneOnTheMachineBut(files);
    }

    private boolean holdsOne(Path file) {
        try {
            String text = Files.readString(file, ISO_8859_1);
            return secrets.stream().anyMatch(text::contains);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * All files of the system that runs now, its store and its journal included, but not its programs; nor, in the installer, the system
     * that is being installed, which is looked at when it runs.
     *
     * @param files that must hold one
     */
    void assertNoneOnTheMachineBut(String... files) {
        String hits = story.vm.exec(
                "export LC_ALL=C; find / -mindepth 1 -maxdepth 1 -type d ! -name proc ! -name sys ! -name dev"
                        + " ! -name usr ! -name mnt -print0 | xargs -0 grep -rlas" + patterns()
                        + "; journalctl -q -o cat | grep -as" + patterns() + " | sed 's/^/journal: /'");
        assertThat(hits.lines()).containsExactlyInAnyOrder(files);
    }

    /** None of them finds itself in a list of processes or in a journal. */
    private String patterns() {
        StringBuilder options = new StringBuilder();
        secrets.forEach(secret -> options.append(" -e '[")
                .append(secret.charAt(0))
                .append(']')
                .append(secret, 1, secret.length())
                .append('\''));
        return options.toString();
    }

    @Override
    public void close() {
        local.shutdownNow();
        watches.forEach(Process::destroy);
    }
}
