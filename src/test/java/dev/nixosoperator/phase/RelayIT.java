package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.Lab;
import dev.nixosoperator.bench.LabHttp;
import dev.nixosoperator.bench.LabVm;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.ssh.SshConnector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system of more than 300 paths through the operator to a real installer that has no way to anywhere, and all that may go wrong with it. */
class RelayIT {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Lab LAB = Lab.get();
    private static final LabVm VM = LabVm.startInstallerAlone(LabVm.Firmware.BIOS, "4G", "4G");
    private static final SshConnector CONNECTOR = new SshConnector();

    @TempDir
    private Path directory;

    private LabHttp cache = LAB.serveBinaryCache();
    private TestMachine machine = new TestMachine(directory, CONNECTOR);

    @AfterAll
    static void end() {
        CONNECTOR.close();
        VM.close();
    }

    @BeforeEach
    void anEmptyDisk() throws IOException {
        machine = new TestMachine(directory, CONNECTOR);
        machine.login = Login.of(Secret.of(Files.readAllBytes(LAB.sshKey())));
        machine.given = Set.of(HostKey.parse(LAB.targetHostKey()).orElseThrow());
        machine.patience = LIFE;
        format("ext4", "4G");
        from(LAB.publicKey());
    }

    @AfterEach
    void close() {
        cache.close();
    }

    /** As the Disks step leaves it. */
    private void format(String type, String size) {
        String marker = Base64.getEncoder()
                .encodeToString(machine.marker(TestMachine.OPERATION, Marker.State.FORMAT_DONE)
                        .getBytes(StandardCharsets.UTF_8));
        VM.exec(
                """
                umount -q /mnt; wipefs -aqf /dev/vdb; sgdisk -Z /dev/vdb >/dev/null; sgdisk -n1:0:+%s /dev/vdb >/dev/null || sgdisk -n1:0:0 /dev/vdb >/dev/null
                udevadm settle; wipefs -aqf /dev/vdb1; mkfs.%s -q /dev/vdb1; mkdir -p /mnt; mount /dev/vdb1 /mnt; mkdir -p /mnt/nix/var/nixos-operator /run/nixos-operator
                echo %s | base64 -d | tee /mnt/nix/var/nixos-operator/machine.json > /run/nixos-operator/machine.json"""
                        .formatted(size, type, marker),
                LIFE);
    }

    private void from(String key) {
        machine.toplevel = LAB.toplevelMany();
        machine.spec =
                """
                connection: {host: 127.0.0.1, port: %d, user: root, credentialsSecretRef: {name: key}}
                diskLayoutRef: {name: plain}
                system: {storePath: {toplevel: %s, from: "%s"}}
                copy: {substituteOnTarget: false, trustedPublicKeys: ["%s"]}
                """
                        .formatted(VM.sshPort(), LAB.toplevelMany(), cache.localUrl(""), key);
    }

    private StepOutcome.Failed fails(Reason reason) {
        StepOutcome outcome = machine.advance(Step.Copy);
        assertThat(outcome).isInstanceOf(StepOutcome.Failed.class);
        StepOutcome.Failed failed = (StepOutcome.Failed) outcome;
        assertThat(failed.reason()).as(failed.message()).isEqualTo(reason);
        nothingIsHalfRegistered();
        return failed;
    }

    private static void nothingIsHalfRegistered() {
        assertThat(VM.exec(
                        "[ ! -e /mnt/nix/store ] || nix-store --store 'local?root=/mnt' --verify --check-contents 2>&1 | grep -v '^\\(reading\\|checking\\)' || true",
                        LIFE))
                .isEmpty();
    }

    private static List<String> registered() {
        return VM.exec("nix-store --store 'local?root=/mnt' --query --requisites " + LAB.toplevelMany(), LIFE)
                .lines()
                .toList();
    }

    @Test
    void aCacheThatDiesHalfWayAndComesBack() {
        AtomicInteger left = new AtomicInteger(200);
        cache.fail(path -> path.startsWith("/nar/") && left.decrementAndGet() < 0, 503);
        assertThat(fails(Reason.CacheUnavailable).message()).contains("503");
        int before = archives();
        cache.heal();
        assertThat(machine.advance(Step.Copy)).isInstanceOf(StepOutcome.Done.class);
        assertThat(registered()).hasSizeGreaterThan(320);
        assertThat(archives() - before)
                .as("only what was missing")
                .isLessThan(registered().size() - 100);
        assertThat(machine.progress).extracting(StepOutcome.Progress::bytes).isNotEmpty();
        nothingIsHalfRegistered();
    }

    private int archives() {
        return (int) cache.requests().stream()
                .filter(path -> path.startsWith("/nar/"))
                .count();
    }

    @Test
    void whatNoTrustedKeySigned() {
        from(LAB.wrongPublicKey());
        assertThat(fails(Reason.SignatureRejected).message()).contains("lab-cache-1");
        assertThat(archives()).isZero();
    }

    @Test
    void anArchiveThatSomebodyChanged() throws IOException {
        Path changed = directory.resolve("cache");
        copyOfTheCache(changed);
        // One of the first that are sent.
        String part = line(changed, LAB.toplevelMany(), "References: ").split(" ", 2)[0];
        Path archive = changed.resolve(line(changed, part, "URL: "));
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(archive);
        Files.write(archive, bytes);
        cache.close();
        cache = LabHttp.serve(changed);
        from(LAB.publicKey());
        fails(Reason.HashMismatch);
    }

    private static void copyOfTheCache(Path to) throws IOException {
        Files.createDirectories(to.resolve("nar"));
        try (Stream<Path> files = Files.walk(LAB.binaryCache())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.createLink(to.resolve(LAB.binaryCache().relativize(file)), file);
            }
        }
    }

    private static String line(Path cache, String path, String key) throws IOException {
        String hash = Path.of(path).getFileName().toString().substring(0, 32);
        return Files.readString(cache.resolve(hash + ".narinfo"))
                .lines()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .orElseThrow()
                .substring(key.length());
    }

    /** Where sizes say nothing before, because the file system packs. */
    @Test
    void aDiskThatRunsFull() {
        format("btrfs", "180M");
        assertThat(fails(Reason.StoreFull).message()).contains("No space left");
    }
}
