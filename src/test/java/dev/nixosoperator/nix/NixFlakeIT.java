package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How real Nix, that of the lab's tools tree, takes the references and attributes that are given to it. */
class NixFlakeIT {
    private static final String FLAKE =
            """
            {
              nixConfig.sandbox = false;
              outputs = { self }: let
                drv = name: derivation { inherit name; system = "x86_64-linux"; builder = "/none"; };
                system = name: {
                  config.system.build.toplevel = drv name;
                  config.virtualisation.vmVariant.system.build.toplevel = drv "${name}-vm";
                  config.specialisation.small.configuration.system.build.toplevel = drv "${name}-small";
                };
              in {
                nixosConfigurations.web-1 = system "web";
                nixosConfigurations."web.example.org" = system "dots";
                nixosConfigurations."1st" = system "digit";
                nixosConfigurations."a b\\${x}^&#%?" = system "odd";
                nixosConfigurations."ä" = system "umlaut";
                colmenaHive.nodes.web-1 = system "node";
                packages.x86_64-linux.image = drv "image";
              };
            }
            """;

    private Path directory;

    @BeforeEach
    void directory() throws IOException {
        // the same each time, for the tools tree keeps the mount point
        directory = Files.createDirectories(Path.of("target/nix-flake").toAbsolutePath());
        Files.createDirectories(directory.resolve("flake"));
        Files.writeString(directory.resolve("flake/flake.nix"), FLAKE);
    }

    @AfterEach
    void remove() throws IOException {
        RealNix.remove(directory);
    }

    private RealNix.Ended nix(List<String> command) throws Exception {
        return new RealNix(directory, directory.resolve("nix")).run(command.toArray(String[]::new));
    }

    private FlakeMetadata locked() throws Exception {
        FlakeReference reference = new FlakeReference("path:" + directory.resolve("flake"));
        RealNix.Ended ended = nix(NixCommand.flakeMetadata(reference));
        assertThat(ended.code()).as(ended.err()).isZero();
        return FlakeMetadata.parse(ended.out()).orElseThrow();
    }

    @Test
    void everySpellingMeansItsSystem() throws Exception {
        FlakeMetadata locked = locked();
        assertThat(locked.locked().text()).contains("narHash=");
        assertName(locked, "web-1", "web");
        assertName(locked, "nixosConfigurations.web-1", "web");
        assertName(locked, "nixosConfigurations.\"web-1\".config", "web");
        assertName(locked, "nixosConfigurations.\"web-1\".config.system.build.toplevel", "web");
        assertName(locked, "\"web.example.org\"", "dots");
        assertName(locked, "1st", "digit");
        assertName(locked, "\"a b${x}^&#%?\"", "odd");
        assertName(locked, "ä", "umlaut");
        assertName(locked, "colmenaHive.nodes.web-1", "node");
        assertName(locked, "nixosConfigurations.web-1.config.virtualisation.vmVariant", "web-vm");
        assertName(locked, "nixosConfigurations.web-1.config.specialisation.small.configuration", "web-small");
        assertName(locked, "packages.x86_64-linux.image", "image");
    }

    private void assertName(FlakeMetadata locked, String attribute, String name) throws Exception {
        AttributePath toplevel = AttributePath.parse(attribute).orElseThrow().toplevel();
        RealNix.Ended ended = nix(List.of(
                "nix",
                "--extra-experimental-features",
                "nix-command flakes",
                "eval",
                "--raw",
                "--no-update-lock-file",
                locked.installable(toplevel) + ".name"));
        assertThat(ended.out()).as(attribute + ": " + ended.err()).isEqualTo(name);
    }

    /** Told by the flake's own source alone. */
    @Test
    void whatIsNotThereIsMissed() throws Exception {
        FlakeMetadata locked = locked();
        assertThat(has(locked, "web-1").out()).isEqualTo("true\n");
        assertThat(has(locked, "\"a b${x}^&#%?\"").out()).isEqualTo("true\n");
        assertThat(has(locked, "colmenaHive.nodes.web-1").out()).isEqualTo("true\n");
        assertThat(has(locked, "nixosConfigurations.web-1.config.virtualisation.vmVariant")
                        .out())
                .isEqualTo("true\n");
        assertThat(has(locked, "packages.x86_64-linux.image").out()).isEqualTo("true\n");
        assertThat(has(locked, "web-2").out()).startsWith("[").contains("web-1", "web.example.org");
        assertThat(has(locked, "web.example.org").err()).contains("does not provide attribute");
    }

    private RealNix.Ended has(FlakeMetadata locked, String attribute) throws Exception {
        AttributePath toplevel = AttributePath.parse(attribute).orElseThrow().toplevel();
        return nix(NixCommand.flakeHas(locked.locked(), toplevel));
    }

    /** The source that was locked, or none. */
    @Test
    void aSourceThatChangedIsNotTheLockedOne() throws Exception {
        FlakeMetadata locked = locked();
        Files.writeString(directory.resolve("flake/flake.nix"), FLAKE.replace("\"web\"", "\"changed\""));
        RealNix.Ended ended = nix(NixCommand.flakeMetadata(locked.locked()));
        assertThat(ended.code()).isNotZero();
        assertThat(ended.err()).contains("NAR hash mismatch");
        assertThat(locked()).isNotEqualTo(locked);
    }

    @Test
    void inputsThatNobodyLockedAreRefused() throws Exception {
        Files.writeString(
                directory.resolve("flake/flake.nix"),
                "{ inputs.other.url = \"path:%s\"; outputs = { self, other }: { }; }"
                        .formatted(directory.resolve("other")));
        Files.createDirectories(directory.resolve("other"));
        Files.writeString(directory.resolve("other/flake.nix"), "{ outputs = { self }: { }; }");
        RealNix.Ended ended = nix(NixCommand.flakeMetadata(new FlakeReference("path:" + directory.resolve("flake"))));
        assertThat(ended.code()).isNotZero();
        assertThat(ended.err()).contains("lock file");
    }
}
