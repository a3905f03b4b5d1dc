package dev.nixosoperator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The fixture itself: what the tests of the operator take for granted. */
class LabIT {
    private static final Duration SHORT = Duration.ofSeconds(15);

    @Test
    void machineObeys() {
        Lab lab = Lab.get();
        try (LabHttp cache = lab.serveBinaryCache();
                LabVm vm = LabVm.start(LabVm.Firmware.BIOS, "1G")) {
            assertThat(vm.exec("lsblk -dno SERIAL | sort")).isEqualTo("lab-disk0\nlab-disk1");
            assertThat(vm.exec("cat /etc/ssh/ssh_host_ed25519_key.pub")).startsWith(lab.targetHostKey());

            // the machine reaches servers of this process
            assertThat(vm.exec("curl -fsS " + cache.url("nix-cache-info"))).contains("/nix/store");
            cache.fail(path -> path.startsWith("/nix-cache"), 503);
            assertThat(vm.tryExec("curl -fsS " + cache.url("nix-cache-info"), SHORT)
                            .err())
                    .contains("503");
            assertThat(cache.requests()).containsExactly("/nix-cache-info", "/nix-cache-info");

            // the console, both ways
            vm.type("");
            vm.awaitConsole("login:", SHORT);
            vm.type("nobody");
            vm.awaitConsole("Password:", SHORT);

            vm.linkDown();
            assertThat(vm.tryExec("true", SHORT).exit()).isNotZero();
            vm.linkUp();
            vm.awaitSsh(Duration.ofMinutes(1));

            String boot = vm.bootId();
            Lab.step("power reset", () -> {
                vm.powerReset();
                vm.awaitNewBoot(boot, LabVm.BOOT);
                return vm;
            });
        }
    }

    @Test
    void installerRuns() {
        try (LabVm vm = LabVm.startInstaller(LabVm.Firmware.UEFI, "1G")) {
            assertThat(vm.exec(". /etc/os-release; echo $ID $VARIANT_ID; [ -d /sys/firmware/efi ] && echo EFI"))
                    .isEqualTo("nixos installer\nEFI");
            assertThat(vm.exec("cat /etc/ssh/ssh_host_ed25519_key.pub"))
                    .startsWith(Lab.get().targetHostKey());
        }
    }

    @Test
    void httpServerFailsAndHeals() throws Exception {
        Lab lab = Lab.get();
        try (LabHttp installer = lab.serveInstaller();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            installer.localUrl(lab.installer().getFileName().toString()))
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build();
            installer.fail(path -> true, 500);
            assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(500);
            installer.heal();
            assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
            assertThat(installer.requests()).hasSize(2);
        }
    }
}
