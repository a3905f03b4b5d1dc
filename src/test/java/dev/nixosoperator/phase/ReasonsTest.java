package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each reason for which a step fails, and what its message must name. A second try says the same. */
class ReasonsTest {
    static final HostKey OTHER_KEY = HostKey.parse(
                    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA")
            .orElseThrow();

    @TempDir
    private Path cache;

    record Case(String name, Step step, Reason reason, String names, Consumer<TestMachine> given) {
        @Override
        public String toString() {
            return step + ", " + name + ": " + reason;
        }
    }

    @ParameterizedTest
    @MethodSource({
        "connecting",
        "preflight",
        "plan",
        "kexec",
        "gate",
        "disks",
        "copy",
        "flake",
        "build",
        "rest",
        "verify"
    })
    void fails(Case given) {
        TestMachine machine = new TestMachine(cache);
        given.given().accept(machine);
        for (int attempt = 1; attempt <= 2; attempt++) {
            StepOutcome outcome = machine.advance(given.step());
            assertThat(outcome).as("try %d", attempt).isInstanceOf(StepOutcome.Failed.class);
            StepOutcome.Failed failed = (StepOutcome.Failed) outcome;
            assertThat(failed.reason()).as(failed.message()).isEqualTo(given.reason());
            assertThat(failed.message() + failed.log()).contains(given.names());
        }
        assertThat(machine.host.calls())
                .noneMatch(call -> call.argv().toString().contains("top secret"));
    }

    /** Somebody killed the job in the same boot: what is on the disks is unknown, so they are mounted or given up. */
    @Test
    void aKilledFormatIsInterrupted() {
        TestMachine machine = new TestMachine(cache);
        disks("killed", Reason.FormatInterrupted, "", killed -> {
                    killed.host.jobs().plan("disks").vanishes("it was killed");
                    killed.host.jobs().plan("mount-1").exits(1, "::failed marker\n");
                })
                .given()
                .accept(machine);
        assertThat(machine.advance(Step.Disks))
                .isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(Reason.ConnectionLost));
        assertThat(machine.advance(Step.Disks))
                .isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(Reason.FormatInterrupted));
    }

    /** Only the try that sent the machine off can tell. */
    @Test
    void kexecNoReturn() {
        TestMachine machine = new TestMachine(cache);
        kexecEnds(0, "machine will boot into nixos in 6s...\n").accept(machine);
        machine.host.jobs().plan("kexec-1").with(() -> silence().accept(machine));
        assertThat(machine.advance(Step.Kexec)).isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.KexecNoReturn);
            assertThat(failed.message()).contains("power cycle", "untouched");
        });
    }

    private static Case preflight(String name, Reason reason, String names, Consumer<TestMachine> given) {
        return new Case(name, Step.Preflight, reason, names, given);
    }

    /** As often as two tries ask. */
    private static Consumer<TestMachine> refused(ConnectFailure failure) {
        return machine -> {
            for (int n = 0; n < 6; n++) {
                machine.connector.refuse(failure, "told by the connector");
            }
        };
    }

    static Stream<Case> connecting() {
        return Stream.of(
                preflight(
                        "no jump host",
                        Reason.JumpHostUnreachable,
                        "told",
                        refused(ConnectFailure.JUMP_HOST_UNREACHABLE)),
                preflight(
                        "another jump host", Reason.JumpHostRefused, "told", refused(ConnectFailure.JUMP_HOST_REFUSED)),
                preflight("no such name", Reason.DNSFailed, "told", refused(ConnectFailure.DNS_FAILED)),
                preflight("silence", Reason.ConnectTimeout, "told", refused(ConnectFailure.CONNECT_TIMEOUT)),
                preflight("no sshd", Reason.ConnectionRefused, "told", refused(ConnectFailure.CONNECTION_REFUSED)),
                preflight("cut", Reason.ConnectionLost, "told", refused(ConnectFailure.CONNECTION_LOST)),
                preflight(
                        "a server of long ago",
                        Reason.AlgorithmsUnsupported,
                        "told",
                        refused(ConnectFailure.ALGORITHMS_UNSUPPORTED)),
                preflight(
                        "wrong key",
                        Reason.AuthenticationFailed,
                        "told",
                        refused(ConnectFailure.AUTHENTICATION_FAILED)),
                preflight("no sudo", Reason.PrivilegeDenied, "told", refused(ConnectFailure.PRIVILEGE_DENIED)),
                preflight("garbage for a key", Reason.SecretInvalid, "told", refused(ConnectFailure.SECRET_INVALID)),
                preflight(
                        "strict and unknown", Reason.HostKeyMismatch, "ssh-ed25519", machine -> machine.strict = true));
    }

    static Stream<Case> preflight() {
        return Stream.of(
                preflight("BSD", Reason.NotLinux, "FreeBSD", machine -> machine.says.put("kernel", "FreeBSD")),
                preflight("no boot id", Reason.FactsFailed, "boot_id", machine -> machine.says.remove("boot_id")),
                preflight(
                        "no memory told",
                        Reason.FactsFailed,
                        "memory.total",
                        machine -> machine.says.remove("memory.total")),
                preflight("not root", Reason.PrivilegeDenied, "1000", machine -> machine.says.put("uid", "1000")),
                preflight("no tar", Reason.MissingTool, "tar", machine -> machine.says.put("tool.tar", "no")),
                preflight("no cpio", Reason.MissingTool, "cpio", machine -> machine.says.put("tool.cpio", "no")),
                preflight("no setsid", Reason.MissingTool, "setsid", machine -> machine.says.put("tool.setsid", "no")),
                preflight("installer without nix", Reason.MissingTool, "nixos-install", machine -> {
                    machine.installer();
                    machine.says.put("tool.nixos-install", "no");
                }),
                preflight(
                        "a Pi of old",
                        Reason.ArchitectureUnsupported,
                        "armv7l",
                        machine -> machine.says.put("architecture", "armv7l")),
                preflight(
                        "little memory",
                        Reason.InsufficientMemory,
                        "512 MiB",
                        machine -> machine.says.put("memory.total", "512")),
                preflight("container", Reason.KexecUnsupported, "lxc", machine -> machine.says.put("container", "lxc")),
                preflight(
                        "kexec off",
                        Reason.KexecUnsupported,
                        "kexec_load_disabled",
                        machine -> machine.says.put("kexec.disabled", "1")),
                preflight("Secure Boot", Reason.SecureBootBlocksKexec, "turn Secure Boot off", machine -> {
                    machine.says.put("kexec.lockdown", "integrity");
                    machine.says.put("secure_boot", "yes");
                }),
                preflight(
                        "locked down by hand",
                        Reason.KexecUnsupported,
                        "lockdown=",
                        machine -> machine.says.put("kexec.lockdown", "confidentiality")),
                preflight(
                        "a kernel without kexec",
                        Reason.KexecUnsupported,
                        "built without kexec",
                        machine -> machine.says.put("kexec.core", "no")),
                preflight("Xen PV", Reason.KexecUnsupported, "Xen", machine -> machine.says.put("xen_pv", "yes")));
    }

    private static Case plan(String name, Reason reason, String names, Consumer<TestMachine> given) {
        return new Case(name, Step.Plan, reason, names, given);
    }

    static Stream<Case> plan() {
        return Stream.of(
                plan(
                        "no such disk",
                        Reason.DiskNotFound,
                        "virtio-S2",
                        machine -> machine.layout = machine.layout.replace("virtio-S1", "virtio-S2")),
                plan("two that fit", Reason.DiskAmbiguous, "vdb", machine -> {
                    machine.layout =
                            machine.layout.replace("device: /dev/disk/by-id/virtio-S1", "selector: {minSize: 1G}");
                    machine.disks = machine.disks.replace(
                            "\"ro\":false}]",
                            "\"ro\":false},{\"name\":\"vdb\",\"kname\":\"vdb\",\"path\":\"/dev/vdb\",\"type\":\"disk\","
                                    + "\"size\":5368709120,\"serial\":\"S2\",\"ro\":false}]");
                }),
                plan("a pool that spans disks", Reason.DiskInForeignPool, "btrfs", machine -> {
                    String member = "{\"type\":\"btrfs\",\"uuid\":\"pool\",\"offset\":\"0x1\"}";
                    machine.disks = TestMachine.disks(false, "5368709120")
                            .replace("{\"type\":\"ext4\",\"uuid\":\"u1\",\"offset\":\"0x438\"}", member)
                            .replace(
                                    "\"ro\":false}]",
                                    "\"ro\":false},{\"name\":\"vdb\",\"kname\":\"vdb\",\"path\":\"/dev/vdb\",\"type\":\"disk\","
                                            + "\"size\":5368709120,\"serial\":\"S2\",\"ro\":false}]")
                            .replace(
                                    "\"probes\":[",
                                    "\"probes\":[{\"kname\":\"vdb\",\"blkid\":0,\"ptuuid\":\"\",\"signatures\":{\"signatures\":["
                                            + member + "]},\"zeroFirst\":false,\"zeroLast\":true},");
                }),
                plan("no disks told", Reason.FactsFailed, "disks", machine -> machine.disks = "sh: lsblk: not found"),
                plan(
                        "a layout without a root",
                        Reason.DiskLayoutInvalid,
                        "no root file system",
                        machine -> machine.layout = machine.layout.replace("mountpoint: /}", "mountpoint: /data}")),
                plan(
                        "a layout with a mistake",
                        Reason.DiskLayoutInvalid,
                        "format",
                        machine -> machine.layout = machine.layout.replace("format: ext4, ", "")));
    }

    private static Case kexec(String name, Reason reason, String names, Consumer<TestMachine> given) {
        return new Case(name, Step.Kexec, reason, names, given);
    }

    private static Consumer<TestMachine> kexecEnds(int code, String log) {
        return machine -> {
            machine.host.jobs().plan("kexec-1").exits(code, log);
            machine.host.jobs().plan("kexec-2").exits(code, log);
        };
    }

    static Stream<Case> kexec() {
        String leaving = "machine will boot into nixos in 6s...\n";
        return Stream.of(
                kexec("run fails", Reason.KexecFailed, "out of memory", kexecEnds(1, "out of memory\n::failed run\n")),
                kexec("run says nothing", Reason.KexecFailed, "without saying", kexecEnds(0, "done\n")),
                kexec(
                        "no xz",
                        Reason.KexecFailed,
                        "packed with xz",
                        kexecEnds(1, "it is packed with xz, which is not on this machine\n::failed tool\n")),
                kexec(
                        "an image without flags",
                        Reason.KexecFailed,
                        "takes no --kexec-extra-flags",
                        kexecEnds(1, "::failed flags\n")),
                kexec("no kexec/run", Reason.KexecFailed, "kexec/run", kexecEnds(1, "::failed layout\n")),
                kexec(
                        "download fails",
                        Reason.ImageDownloadFailed,
                        "404",
                        kexecEnds(1, "curl: 404\n::failed download\n")),
                kexec(
                        "another archive",
                        Reason.ImageChecksumMismatch,
                        "wanted",
                        kexecEnds(1, "sha256 is a, wanted b\n::failed checksum\n")),
                kexec(
                        "the operator cannot read its file",
                        Reason.ImageDownloadFailed,
                        "/nowhere",
                        machine -> machine.spec += "install: {kexec: {image: {path: /nowhere}}}\n"),
                kexec(
                        "the operator's file is another",
                        Reason.ImageChecksumMismatch,
                        "wanted",
                        machine -> machine.spec +=
                                "install: {kexec: {image: {path: /dev/null, sha256: \"" + "0".repeat(64) + "\"}}}\n"),
                kexec("no room", Reason.KexecFailed, "no directory", machine -> machine.host
                        .whenScript("receive.sh")
                        .fails(28, "no directory has 1200 MiB free")),
                kexec("still the old boot", Reason.KexecNotEntered, "same boot", kexecEnds(0, leaving)),
                kexec(
                        "the old system after a restart",
                        Reason.KexecNotEntered,
                        "old system",
                        kexecEnds(0, leaving).andThen(machine -> machine.host
                                .whenScript("situation.sh")
                                .exits(0, "kernel=Linux\narchitecture=x86_64\nboot_id=another\nsituation.end=yes\n"))));
    }

    private static Case gate(String name, Reason reason, String names, Consumer<TestMachine> given) {
        return new Case(name, Step.Gate, reason, names, machine -> {
            machine.installer();
            machine.approve(false);
            machine.cacheHolds(true);
            given.accept(machine);
        });
    }

    private static void mountTheDisk(TestMachine machine) {
        machine.disks = machine.disks.replace("\"ro\":false", "\"ro\":false,\"mountpoint\":\"/data\"");
    }

    static Stream<Case> gate() {
        return Stream.of(
                gate("another machine", Reason.IdentityMismatch, "d2", machine -> machine.says.put("dmi_uuid", "d2")),
                gate("other content", Reason.PlanChanged, "content was", machine -> {
                    machine.disks = TestMachine.disks(false, "5368709120");
                }),
                gate("a marker that the plan did not know of", Reason.PlanChanged, "default/db-1", machine -> {
                    machine.says.put("marker.disk.1", machine.marker("op-0", Marker.State.INSTALLED));
                    machine.says.put("marker.disk.2", machine.marker(TestMachine.DB_1, "op-8", Marker.State.INSTALLED));
                }),
                gate("a mounted disk", Reason.DiskInUse, "/data", ReasonsTest::mountTheDisk),
                gate("no sgdisk", Reason.MissingTool, "sgdisk", machine -> machine.host
                        .whenScript("missing-tools")
                        .exits(0, "sgdisk\n")),
                gate("no key", Reason.SecretNotFound, "/run/keys/root", machine -> {
                    encrypt(machine, "passwordFile: /run/keys/root");
                    machine.approve(false);
                }),
                gate("an empty key", Reason.SecretNotFound, "holds nothing but newlines", machine -> {
                    encrypt(machine, "passwordFile: /run/keys/root");
                    machine.keys = Map.of("/run/keys/root", Secret.of("\n\n"));
                    machine.approve(false);
                }),
                gate("a key beyond its end", Reason.SecretNotFound, "keyFileOffset", machine -> {
                    encrypt(machine, "settings: {keyFile: /run/keys/root, keyFileOffset: 8, keyFileSize: 9}");
                    machine.keys = Map.of("/run/keys/root", Secret.of("0123456789abcdef"));
                    machine.approve(false);
                }),
                gate("a dead cache", Reason.StorePathNotFound, "http://cache", machine -> machine.host
                        .when(call -> call.argv().contains("http://cache"))
                        .fails(1, "error: unable to download")),
                gate("signed by another", Reason.SignatureRejected, "other-1", machine -> machine.cacheHolds(false)),
                gate("too big", Reason.StoreFull, "MiB", machine -> {
                    machine.disks = TestMachine.disks(true, "5368709120");
                    machine.host
                            .when(call -> call.argv().contains("http://cache"))
                            .exits(0, "{\"" + TestMachine.TOPLEVEL + "\":{\"narSize\":99999999999,\"ca\":\"fixed\"}}");
                }),
                gate("too big for its partition, not for the disk", Reason.StoreFull, "has 100 MiB", machine -> {
                    machine.layout = machine.layout.replace(
                            "root: {size: 100%,", "home: {size: 100%}\n        root: {size: 100M,");
                    machine.approve(false);
                    machine.host
                            .when(call -> call.argv().contains("http://cache"))
                            .exits(0, "{\"" + TestMachine.TOPLEVEL + "\":{\"narSize\":999999999,\"ca\":\"fixed\"}}");
                }),
                gate("another architecture", Reason.ArchitectureMismatch, "aarch64", machine -> machine.host
                        .when(call -> call.argv().contains("cat"))
                        .exits(0, "aarch64-linux")));
    }

    private static Case disks(String name, Reason reason, String names, Consumer<TestMachine> given) {
        return new Case(name, Step.Disks, reason, names, machine -> {
            machine.installer();
            machine.approve(true);
            machine.keys = Map.of("/run/keys/root", Secret.of("top secret"));
            given.accept(machine);
        });
    }

    private static Consumer<TestMachine> disksEnd(String log) {
        return machine -> machine.host.jobs().plan("disks").exits(1, log);
    }

    static Stream<Case> disks() {
        return Stream.of(
                disks(
                        "format fails",
                        Reason.FormatFailed,
                        "bad superblock",
                        disksEnd("bad superblock\n::failed format\n")),
                disks(
                        "busy",
                        Reason.DiskInUse,
                        "busy",
                        disksEnd("/dev/vda: Device or resource busy\n::failed destroy\n")),
                disks("mount fails", Reason.MountFailed, "wrong fs type", machine -> {
                    disksEnd("::failed mount\n").accept(machine);
                    machine.host.jobs().plan("mount-1").exits(1, "wrong fs type\n::failed mount\n");
                    machine.host.jobs().plan("mount-2").exits(1, "wrong fs type\n::failed mount\n");
                }),
                disks("the mount fails after the look found the marker", Reason.MountFailed, "mounting", machine -> {
                    machine.says.put("boot_id", "44444444-boot");
                    machine.host.jobs().plan("mount-1").exits(1, "::failed mount\n");
                    machine.host.jobs().plan("mount-2").exits(1, "::failed mount\n");
                }),
                disks("the look fails where the marker was seen", Reason.MountFailed, "is busy", machine -> {
                    machine.says.put("boot_id", "44444444-boot");
                    machine.says.put("marker.disk", machine.marker("op-1", Marker.State.FORMAT_DONE));
                    machine.host.jobs().plan("mount-1").exits(1, "is busy\n::failed look\n");
                    machine.host.jobs().plan("mount-2").exits(1, "is busy\n::failed look\n");
                }),
                disks("no marker after a restart", Reason.FormatInterrupted, "interrupted", machine -> {
                    machine.says.put("boot_id", "44444444-boot");
                    machine.host.jobs().plan("mount-1").exits(1, "::failed marker\n");
                    machine.host.jobs().plan("mount-2").exits(1, "::failed marker\n");
                }),
                disks("another's marker", Reason.MachineClaimed, "other/db-1", machine -> {
                    machine.says.put(
                            "marker.disk",
                            machine.marker(new MachineId("uid-9", "other", "db-1"), "op-9", Marker.State.INSTALLED));
                }),
                disks("another's marker beside our own", Reason.MachineClaimed, "default/db-1", machine -> {
                    machine.says.put("marker.disk.1", machine.marker("op-0", Marker.State.INSTALLED));
                    machine.says.put("marker.disk.2", machine.marker(TestMachine.DB_1, "op-9", Marker.State.INSTALLED));
                }),
                disks("mounted since the gate", Reason.DiskInUse, "/data", ReasonsTest::mountTheDisk),
                disks("another's job", Reason.MachineClaimed, "uid-2", machine -> machine.host
                        .jobs()
                        .lockedBy("uid-2")));
    }

    private static Case copy(String name, Reason reason, String names, String log) {
        return new Case(name, Step.Copy, reason, names, machine -> {
            machine.mounted(Marker.State.FORMAT_DONE);
            machine.cacheHolds(true);
            machine.host.jobs().plan("copy-1").exits(1, log);
            machine.host.jobs().plan("copy-2").exits(1, log);
        });
    }

    static Stream<Case> copy() {
        return Stream.of(
                copy(
                        "unsigned",
                        Reason.SignatureRejected,
                        "copying",
                        "warning: ignoring substitute for 'x' from 'y', as it's not signed by any of the keys in 'trusted-public-keys'\nerror: don't know how to build these paths\n"),
                copy("full", Reason.StoreFull, "No space left", "error: writing to file: No space left on device\n"),
                copy(
                        "gone",
                        Reason.StorePathNotFound,
                        "does not exist",
                        "error: path 'x' does not exist and cannot be created\n"),
                copy("broken line", Reason.CopyFailed, "Timeout", "error: unable to download: Timeout was reached\n"),
                new Case("no room before it begins", Step.Copy, Reason.StoreFull, "0 MiB free", machine -> {
                    machine.mounted(Marker.State.FORMAT_DONE);
                    machine.cacheHolds(true);
                    machine.host.whenScript("room.sh").exits(0, "free=3\n");
                }),
                new Case("stalled", Step.Copy, Reason.CopyFailed, "stopped", machine -> {
                    machine.mounted(Marker.State.FORMAT_DONE);
                    machine.cacheHolds(true);
                }));
    }

    private static Case flake(String name, Reason reason, String names, int code, String out, String err) {
        return new Case(name, Step.Gate, reason, names, machine -> {
            machine.installer();
            machine.approve(false);
            machine.builds(null);
            machine.host.when(BuildStepTest::asksForMetadata).returns(new CommandResult.Exited(code, out, err));
        });
    }

    /** In the words of Nix 2.26. */
    static Stream<Case> flake() {
        return Stream.of(
                flake(
                        "no such repository",
                        Reason.SourceUnavailable,
                        "HTTP error 404",
                        1,
                        "",
                        "error:\n       … while fetching the input 'github:org/infra'\n\n       error: unable to download 'https://api.github.com/repos/org/infra/commits/HEAD': HTTP error 404\n\n       response body:\n"),
                flake(
                        "inputs that nobody locked",
                        Reason.FlakeInvalid,
                        "nix flake lock",
                        1,
                        "",
                        "error: flake 'github:org/infra' requires lock file changes but they're not allowed due to '--no-update-lock-file'\n"),
                flake(
                        "no flake",
                        Reason.FlakeInvalid,
                        "?dir=",
                        1,
                        "",
                        "error: path '/nix/store/x-source/flake.nix' does not exist\n"),
                flake(
                        "a tree with changes",
                        Reason.FlakeInvalid,
                        "commit what was changed",
                        0,
                        "{\"locked\":{\"dirtyRev\":\"a-dirty\",\"narHash\":\"sha256-x\"},\"url\":\"git+file:///g\"}",
                        ""),
                flake(
                        "no memory for the source",
                        Reason.InsufficientMemory,
                        "give the machine more",
                        1,
                        "",
                        "error: writing to file: No space left on device\n"));
    }

    private static Case build(String name, Reason reason, String names, int code, String log) {
        return new Case(name, Step.Build, reason, names, machine -> {
            machine.mounted(Marker.State.FORMAT_DONE);
            machine.cacheHolds(true);
            machine.builds(BuildStepTest.LOCKED);
            machine.host.jobs().plan("build-1").exits(code, log);
            machine.host.jobs().plan("build-2").exits(code, log);
        });
    }

    static Stream<Case> build() {
        return Stream.of(
                build(
                        "no such attribute",
                        Reason.AttributeNotFound,
                        "spec.system.flake.attribute",
                        1,
                        "error: flake 'x' does not provide attribute 'packages.x86_64-linux.y', 'legacyPackages.x86_64-linux.y' or 'y'\n"),
                build(
                        "a mistake",
                        Reason.EvaluationFailed,
                        "this is broken; mend it",
                        1,
                        "error:\n       … while calling the 'throw' builtin\n\n       error: this is broken\n"),
                build(
                        "a builder fails",
                        Reason.BuildFailed,
                        "oh no",
                        1,
                        "building '/nix/store/x-y.drv'...\ny> oh no\nerror: builder for '/nix/store/x-y.drv' failed with exit code 3\n"),
                build(
                        "a builder cannot download",
                        Reason.SourceUnavailable,
                        "reaches its sources",
                        1,
                        "y> curl: (6) Could not resolve host: example.org\nerror: builder for '/nix/store/x-y.drv' failed with exit code 1\n"),
                build(
                        "another source than was locked",
                        Reason.SourceUnavailable,
                        "what was locked",
                        1,
                        "error: NAR hash mismatch in input 'x', expected 'a' but got 'b'\n"),
                build(
                        "a system for another machine",
                        Reason.ArchitectureMismatch,
                        "aarch64-linux",
                        1,
                        "error: a 'aarch64-linux' with features {} is required to build 'x', but I am a 'x86_64-linux'\n"),
                build(
                        "a full disk",
                        Reason.StoreFull,
                        "larger in the layout",
                        1,
                        "y> tar: write error: No space left on device\nerror: builder for '/nix/store/x-y.drv' failed with exit code 2\n"),
                build("no memory", Reason.InsufficientMemory, "swap in the layout", 137, "Killed\n"),
                new Case("no end", Step.Build, Reason.BuildFailed, "stepTimeouts", machine -> {
                    machine.mounted(Marker.State.FORMAT_DONE);
                    machine.builds(BuildStepTest.LOCKED);
                }));
    }

    static Stream<Case> rest() {
        Consumer<TestMachine> mounted = machine -> machine.mounted(Marker.State.FORMAT_DONE);
        Consumer<TestMachine> installs = mounted.andThen(machine -> {
            machine.host.jobs().plan("install-1").exits(0, "installation finished!\n");
            machine.host.jobs().plan("install-2").exits(0, "installation finished!\n");
        });
        return Stream.of(
                new Case("a link out of /mnt", Step.Files, Reason.FilesFailed, "leads out", mounted.andThen(machine -> {
                    machine.files =
                            List.of(new MachineInputs.PlacedFile("/etc/x", Secret.of("top secret"), "0600", "0:0"));
                    machine.host.whenScript("place-file.sh").fails(1, "/etc/x: /mnt/etc leads out of /mnt");
                })),
                new Case(
                        "no host key",
                        Step.Files,
                        Reason.FilesFailed,
                        "no SSH host key",
                        mounted.andThen(machine ->
                                machine.host.whenScript("host-keys.sh").exits(0, ""))),
                new Case(
                        "nixos-install fails",
                        Step.Install,
                        Reason.InstallFailed,
                        "chroot",
                        mounted.andThen(machine -> {
                            machine.host.jobs().plan("install-1").exits(1, "chroot: cannot\n");
                            machine.host.jobs().plan("install-2").exits(1, "chroot: cannot\n");
                        })),
                new Case("no GRUB", Step.Install, Reason.BootloaderFailed, "bootloader", mounted.andThen(machine -> {
                    machine.host.jobs().plan("install-1").exits(1, "Failed to install bootloader\n");
                    machine.host.jobs().plan("install-2").exits(1, "Failed to install bootloader\n");
                })),
                new Case(
                        "GRUB gives up and says that all is well",
                        Step.Install,
                        Reason.BootloaderFailed,
                        "will not proceed with blocklists",
                        mounted.andThen(machine -> {
                            String log =
                                    "grub-install: error: will not proceed with blocklists.\ninstallation finished!\n";
                            machine.host.jobs().plan("install-1").exits(0, log);
                            machine.host.jobs().plan("install-2").exits(0, log);
                        })),
                new Case(
                        "UEFI and a loader for BIOS",
                        Step.Install,
                        Reason.BootloaderFailed,
                        "only a BIOS boot loader",
                        installs.andThen(machine -> machine.host
                                .whenScript("installed.sh")
                                .exits(
                                        0,
                                        "profile=" + TestMachine.TOPLEVEL
                                                + "\nboot=yes\nfirmware=UEFI\nloader.bios=yes\n"))),
                new Case(
                        "a key that opens nothing",
                        Step.Install,
                        Reason.UnlockFailed,
                        "/run/k does not open LUKS c",
                        installs.andThen(ReasonsTest::encrypt)
                                .andThen(machine ->
                                        machine.host.whenScript("unlocks.sh").fails(2, "No key available"))),
                new Case(
                        "another profile",
                        Step.Install,
                        Reason.InstallFailed,
                        "profile",
                        installs.andThen(machine ->
                                machine.host.whenScript("installed.sh").exits(0, "profile=/nix/store/x\nboot=yes\n"))),
                new Case(
                        "no boot entry",
                        Step.Install,
                        Reason.BootloaderFailed,
                        "not rebooted",
                        installs.andThen(machine -> machine.host
                                .whenScript("installed.sh")
                                .exits(0, "profile=" + TestMachine.TOPLEVEL + "\nboot=no\n"))),
                new Case("refused", Step.Reboot, Reason.ConnectionLost, "did not take", machine -> {
                    machine.mounted(Marker.State.INSTALLED);
                    machine.host.whenScript("reboot.sh").fails(1, "no");
                }));
    }

    private static void encrypt(TestMachine machine) {
        encrypt(machine, "passwordFile: /run/k");
    }

    private static Case verify(String name, Reason reason, String names, Consumer<TestMachine> given) {
        return new Case(name, Step.Verify, reason, names, given);
    }

    private static Consumer<TestMachine> silence() {
        return machine -> {
            for (int n = 0; n < 1000; n++) {
                machine.connector.refuse(ConnectFailure.CONNECT_TIMEOUT, "nothing answers");
            }
        };
    }

    static Stream<Case> verify() {
        return Stream.of(
                verify("nothing", Reason.BootTimeout, "no sign of life", silence()),
                verify(
                        "locked",
                        Reason.WaitingForUnlock,
                        "passphrase",
                        silence().andThen(ReasonsTest::encrypt)),
                verify("another host key", Reason.HostKeyMismatch, "SHA256", machine -> {
                    machine.installed();
                    machine.strict = true;
                    machine.connector.hostKey(OTHER_KEY);
                }),
                verify(
                        "not rebooted",
                        Reason.BootTimeout,
                        "still runs",
                        machine -> machine.mounted(Marker.State.INSTALLED)),
                verify("an installer again", Reason.BootVerificationFailed, "boot order", machine -> {
                    machine.installer();
                    machine.says.put("boot_id", "44444444-boot");
                }),
                verify("the old system", Reason.BootVerificationFailed, "Debian", machine -> {}),
                verify("another NixOS", Reason.BootVerificationFailed, "/nix/store/other", machine -> {
                    machine.installed();
                    machine.says.put("system.current", "/nix/store/other");
                }),
                verify("without the marker", Reason.BootVerificationFailed, "marker", machine -> {
                    machine.installed();
                    machine.says.remove("marker.disk");
                }));
    }

    /** @param key options of the LUKS container of the root file system */
    private static void encrypt(TestMachine machine, String key) {
        String root = "{type: filesystem, format: ext4, mountpoint: /}";
        machine.layout = machine.layout.replace(
                "content: " + root, "content: {type: luks, name: c, " + key + ", content: " + root + "}");
    }
}
