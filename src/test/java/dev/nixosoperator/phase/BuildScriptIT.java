package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.bench.Lab;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.nix.FlakeMetadata;
import dev.nixosoperator.nix.FlakeReference;
import dev.nixosoperator.nix.NixCommand;
import dev.nixosoperator.nix.PublicKey;
import dev.nixosoperator.remote.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code build.sh} with real Nix, that of the lab's tools tree, into a store under another root; and what its failures are taken for. */
class BuildScriptIT {
    private static final String FLAKE =
            """
            {
              nixConfig.sandbox = false;
              outputs = { self }: let
                system = name: script: {
                  config.system.build.toplevel = derivation {
                    inherit name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" script ];
                  };
                };
              in {
                nixosConfigurations = {
                  web-1 = system "web" "echo one > $out";
                  again = system "again" "echo two > $out";
                  fails = system "fails" "echo oh no; exit 3";
                  full = system "full" "echo 'tar: write error: No space left on device'; exit 2";
                  broken = throw "this is broken";
                  other.config.system.build.toplevel =
                    derivation { name = "other"; system = "riscv64-linux"; builder = "/bin/sh"; };
                  number.config.system.build.toplevel = 5;
                };
              };
            }
            """;

    /** A root of its own, not only another directory to live in: builders could not have their namespaces there. */
    private static final String IN_TOOLS =
            """
            mkdir -p "$TOOLS$DIR" "$TOOLS/nix" "$DIR/nix"
            exec unshare --mount --propagation private --fork --pid -- bash -euc '
              mount --bind "$TOOLS" "$TOOLS"; cd "$TOOLS"
              mount -t proc proc proc; mount -t sysfs -o ro sys sys; mount --rbind /dev dev; mount -t tmpfs tmp tmp
              mount --bind "$DIR" "$TOOLS$DIR"; mount --bind "$DIR/nix" nix
              mkdir tmp/old; pivot_root . tmp/old
              exec chroot . env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin NIX_CONFIG="build-users-group =" "$@"' _ "$@"
            """;

    private Path directory;

    private record Ended(int code, String out, List<String> log) {}

    @BeforeEach
    void directory() throws IOException {
        // the same each time, for the tools tree keeps the mount point
        directory = Files.createDirectories(Path.of("target/build-script").toAbsolutePath());
        Files.createDirectories(directory.resolve("flake"));
        Files.writeString(directory.resolve("flake/flake.nix"), FLAKE);
        Files.writeString(directory.resolve("build.sh"), Script.load("build.sh").text());
    }

    /** What Nix put into its stores is read-only, for us too. */
    @AfterEach
    void remove() throws Exception {
        new ProcessBuilder("sh", "-c", "chmod -R u+w \"$1\" && rm -rf \"$1\"", "sh", directory.toString())
                .start()
                .waitFor();
    }

    private Ended run(List<String> command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(Stream.of("bash", "-euc", IN_TOOLS, "tools"), command.stream())
                        .toList());
        builder.environment().put("TOOLS", Lab.get().value("TOOLS"));
        builder.environment().put("DIR", directory.toString());
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        return new Ended(process.waitFor(), Files.readString(out), Files.readAllLines(err));
    }

    private FlakeSource locked(String attribute) throws Exception {
        FlakeReference reference = new FlakeReference("path:" + directory.resolve("flake"));
        Ended ended = run(NixCommand.flakeMetadata(reference));
        FlakeMetadata metadata = FlakeMetadata.parse(ended.out()).orElseThrow();
        return new FlakeSource(reference.text(), attribute, metadata.locked().text(), metadata.revision());
    }

    private Ended build(FlakeSource source) throws Exception {
        return run(List.of(
                "env",
                "NIXOS_OPERATOR_MNT=" + directory.resolve("mnt"),
                "sh",
                directory.resolve("build.sh").toString(),
                FlakeBuild.installable(source),
                "",
                PublicKey.CACHE_NIXOS_ORG.toString()));
    }

    private Path mnt(String path) {
        return directory.resolve("mnt").resolve(path);
    }

    private List<String> noted() throws IOException {
        return Files.readAllLines(mnt("nix/var/nixos-operator/built"));
    }

    @Test
    void whatIsBuiltIsNotedBesideWhatWasAskedFor() throws Exception {
        FlakeSource web = locked("web-1");
        Ended ended = build(web);
        assertThat(ended.code()).as(ended.log().toString()).isZero();
        assertThat(ended.log())
                .anyMatch(line -> line.contains("ignoring untrusted flake configuration setting 'sandbox'"));
        assertThat(noted()).hasSize(2).startsWith(FlakeBuild.installable(web));
        assertThat(mnt(noted().getLast().substring(1))).content().isEqualTo("one\n");
        assertThat(mnt("tmp")).isEmptyDirectory();
        FlakeSource again = locked("again");
        assertThat(build(again).code()).isZero();
        assertThat(noted()).startsWith(FlakeBuild.installable(again));
    }

    @Test
    void failuresHaveTheirNames() throws Exception {
        assertFails("nope", Reason.AttributeNotFound, "nope");
        assertFails("broken", Reason.EvaluationFailed, "this is broken");
        assertFails("number", Reason.EvaluationFailed, "integer");
        assertFails("fails", Reason.BuildFailed, "exit code 3");
        assertFails("full", Reason.StoreFull, "larger in the layout");
        assertFails("other", Reason.ArchitectureMismatch, "riscv64-linux");
        FlakeSource web = locked("web-1");
        Files.writeString(directory.resolve("flake/flake.nix"), FLAKE.replace("one", "three"));
        assertFails(web, Reason.SourceUnavailable, "NAR hash mismatch");
        assertThat(mnt("nix/var/nixos-operator/built")).doesNotExist();
    }

    private void assertFails(String attribute, Reason reason, String says) throws Exception {
        assertFails(locked(attribute), reason, says);
    }

    private void assertFails(FlakeSource source, Reason reason, String says) throws Exception {
        Ended ended = build(source);
        assertThat(ended.code()).isNotZero();
        Failed failed = BuildFault.of(source, new Work.End.Exited(ended.code(), ended.log(), ""), "1024 MiB");
        assertThat(failed.reason()).as(ended.log().toString()).isEqualTo(reason);
        assertThat(failed.message()).contains(says);
    }
}
