package dev.nixosoperator.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A virtual machine. It boots Debian from the disk {@code lab-disk0}; the other disks, {@code lab-disk1} and so on, are empty. It ends with
 * this JVM, however that ends. The console shows only what happens after the start.
 */
public final class LabVm implements AutoCloseable {
    public enum Firmware {
        BIOS,
        UEFI
    }

    /** How long a machine may take to boot; an emulated CPU on a busy machine is slow. */
    public static final Duration BOOT = Duration.ofMinutes(10);

    /** Enough for the preflight of the standard installer. */
    private static final int MEMORY = 1536;

    private static final Duration COMMAND = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Lab lab;
    private final Map<String, String> environment;
    private final Path directory;
    private final int sshPort;
    private int consoleRead;

    private LabVm(Lab lab, Path directory, int sshPort, Map<String, String> environment) {
        this.lab = lab;
        this.directory = directory;
        this.sshPort = sshPort;
        this.environment = environment;
    }

    private enum State {
        DEBIAN,
        INSTALLER
    }

    /** Starts a machine with these additional disks (sizes such as {@code 4G}), Debian is running. */
    public static LabVm start(Firmware firmware, String... disks) {
        return start(State.DEBIAN, firmware, false, disks);
    }

    /** The same with no way to anywhere: it hears only who comes to it. */
    public static LabVm startAlone(Firmware firmware, String... disks) {
        return start(State.DEBIAN, firmware, true, disks);
    }

    /**
     * Starts a machine that was brought into the installer by kexec already. Its lab-disk0 has the Debian it came from, with the same host
     * key; a reset brings that back.
     */
    public static LabVm startInstaller(Firmware firmware, String... disks) {
        return start(State.INSTALLER, firmware, false, disks);
    }

    public static LabVm startInstallerAlone(Firmware firmware, String... disks) {
        return start(State.INSTALLER, firmware, true, disks);
    }

    private static LabVm start(State state, Firmware firmware, boolean alone, String... disks) {
        Lab lab = Lab.get();
        String name = "vm" + COUNT.getAndIncrement();
        Path directory = Path.of("target", "lab", name).toAbsolutePath();
        int port = freePort();
        LabVm vm = new LabVm(
                lab,
                directory,
                port,
                Map.of(
                        "LAB_ENV", lab.file().toString(),
                        "VM_DIR", directory.toString(),
                        "FW", firmware.name().toLowerCase(Locale.ROOT),
                        "PORT", Integer.toString(port),
                        "MEM", Integer.toString(MEMORY),
                        "DISKS", String.join(" ", disks),
                        "PARENT_PID", Long.toString(ProcessHandle.current().pid())));
        boolean up = false;
        try {
            Files.createDirectories(directory);
            Lab.step(name + ": " + firmware + ", " + state, () -> {
                vm.bringTo(state, alone);
                return vm;
            });
            up = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!up) {
                vm.close();
            }
        }
        return vm;
    }

    /** A machine in some state is saved once, memory and all, and woken up from there by all that are like it. */
    private void bringTo(State state, boolean alone) throws IOException {
        Path saved = lab.saved(List.of(
                state.name(),
                state == State.INSTALLER ? lab.installerSha256() : "",
                environment.getOrDefault("FW", ""),
                environment.getOrDefault("MEM", ""),
                environment.getOrDefault("DISKS", "")));
        if (!Files.isDirectory(saved)) {
            if (state == State.DEBIAN) {
                control("start");
                awaitSsh(BOOT);
            } else {
                bringTo(State.DEBIAN, false);
                kexec();
            }
            // the units that are still starting would cost every test again
            tryExec("systemctl is-system-running --wait", COMMAND);
            Path mine = saved.resolveSibling(
                    saved.getFileName() + "." + ProcessHandle.current().pid());
            control("save", mine.toString());
            try {
                Files.move(mine, saved);
            } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
                // another JVM was quicker, which is as good; this copy goes with the week's cleaning
            }
        }
        Files.setLastModifiedTime(saved, FileTime.from(Instant.now()));
        control(alone ? "restore-alone" : "restore", saved.toString());
        awaitSsh(BOOT);
        exec("date -s @" + Instant.now().getEpochSecond()); // it woke up in the past
    }

    private void kexec() {
        String boot = bootId();
        try (LabHttp server = lab.serveInstaller()) {
            tryExec(
                            "curl -fsS "
                                    + server.url(String.valueOf(lab.installer().getFileName()))
                                    + " | tar -C /root -xz && setsid --wait /root/kexec/run",
                            BOOT)
                    .ok();
        }
        awaitNewBoot(boot, BOOT);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String control(String... command) {
        return Run.run(
                        COMMAND,
                        environment,
                        concat(List.of(Lab.DIRECTORY.resolve("vm.sh").toString()), command))
                .ok();
    }

    private static List<String> concat(List<String> first, String... rest) {
        return Stream.concat(first.stream(), Arrays.stream(rest)).toList();
    }

    /** The port of 127.0.0.1 behind which the machine's sshd is. */
    public int sshPort() {
        return sshPort;
    }

    /** Everything the serial console has shown so far. */
    public String console() {
        Path log = directory.resolve("console.log");
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the console shows the pattern, after what an earlier call has found. Returns what matched. */
    public synchronized String awaitConsole(String regex, Duration timeout) {
        Pattern pattern = Pattern.compile(regex);
        String[] found = {""};
        await("'" + regex + "' on the console", timeout, () -> {
            Matcher matcher = pattern.matcher(console());
            if (!matcher.find(consoleRead)) {
                return false;
            }
            consoleRead = matcher.end();
            found[0] = matcher.group();
            return true;
        });
        return found[0];
    }

    /** Types a line on the serial console. */
    public void type(String text) {
        control("console-send", text);
    }

    /** Presses the reset button. */
    public void powerReset() {
        control("reset");
    }

    /** Pulls the network cable. */
    public void linkDown() {
        control("link", "off");
    }

    /** Plugs it in again. */
    public void linkUp() {
        control("link", "on");
    }

    /** Runs a command as root and returns what it printed; fails when it fails. For looking from outside of the operator. */
    public String exec(String command) {
        return tryExec(command, COMMAND).ok();
    }

    /** The same for one that may take longer. */
    public String exec(String command, Duration deadline) {
        return tryExec(command, deadline).ok();
    }

    Run.Result tryExec(String command, Duration deadline) {
        return Run.run(deadline, Map.of(), ssh(command));
    }

    /** Runs a command as root for as long as this boot lasts; what it prints is appended to {@code file}. */
    public Process follow(String command, Path file) {
        try {
            return new ProcessBuilder(ssh(command))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> ssh(String command) {
        return concat(
                List.of("ssh", "-i", lab.sshKey().toString(), "-p", Integer.toString(sshPort)),
                "-oIdentitiesOnly=yes",
                "-oUserKnownHostsFile=/dev/null",
                "-oStrictHostKeyChecking=no",
                "-oLogLevel=ERROR",
                "-oConnectTimeout=10",
                "-oBatchMode=yes",
                "-oServerAliveInterval=5",
                "-oServerAliveCountMax=6",
                "root@127.0.0.1",
                command);
    }

    /** The boot that is running now. */
    public String bootId() {
        return exec("cat /proc/sys/kernel/random/boot_id");
    }

    /** Waits until sshd answers. */
    public void awaitSsh(Duration timeout) {
        await("sshd", timeout, () -> tryExec("true", Duration.ofSeconds(20)).exit() == 0);
    }

    /** Waits until another boot than this one answers. */
    public void awaitNewBoot(String bootId, Duration timeout) {
        await("another boot", timeout, () -> {
            Run.Result result = tryExec("cat /proc/sys/kernel/random/boot_id", Duration.ofSeconds(20));
            return result.exit() == 0 && !result.out().strip().equals(bootId);
        });
    }

    private void await(String what, Duration timeout, BooleanSupplier condition) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                String all = console();
                throw new AssertionError("no " + what + " after " + timeout.toSeconds() + " s; the console ends with\n"
                        + all.substring(Math.max(0, all.length() - 2000)));
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
    }

    @Override
    public void close() {
        control("kill");
    }
}
