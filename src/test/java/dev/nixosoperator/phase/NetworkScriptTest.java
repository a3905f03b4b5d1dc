package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.remote.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code network.sh} on trees that stand for /sys of machines, and an {@code ip} that tells their addresses. */
class NetworkScriptTest {
    @TempDir
    private Path root;

    @BeforeEach
    void aMachineWithOneDevice() throws IOException {
        device("lo", "00:00:00:00:00:00", "device");
        device("eth0", "52:54:00:00:00:01", "device");
        ip("eth0    inet 192.0.2.5/24 brd 192.0.2.255 scope global eth0", "eth0    inet6 fe80::5/64 scope link");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    /** @param has files and directories of it, {@code name=content} */
    private void device(String name, String mac, String... has) throws IOException {
        String at = "host/sys/class/net/" + name + "/";
        write(at + "address", mac + "\n");
        write(at + "type", "1\n");
        write(at + "uevent", "INTERFACE=" + name + "\n");
        for (String file : has) {
            String[] parts = file.split("=", 2);
            if (parts.length == 2) {
                write(at + parts[0], parts[1] + "\n");
            } else {
                Files.createDirectories(root.resolve(at + file));
            }
        }
    }

    private void ip(String... addresses) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String address : addresses) {
            all.append("2: ").append(address).append("\\\\       valid_lft forever preferred_lft forever\n");
        }
        write(
                "bin/ip",
                """
                #!/bin/sh
                case "$*" in
                "-o address show") printf '%s' ;;
                "-4 route show default") echo 'default via 192.0.2.1 dev eth0 proto static onlink' ;;
                "-o -d link show dev team0") echo '5: team0: <UP> mtu 1500 qdisc noqueue \\    link/ether 52:54 promiscuity 0 \\    team addrgenmode eui64' ;;
                esac
                """
                        .replace("%s", all));
        assertThat(root.resolve("bin/ip").toFile().setExecutable(true)).isTrue();
    }

    private Network seen(String connection) throws Exception {
        return Network.of(reading(List.of("/bin/sh", script()), connection));
    }

    private static String script() throws Exception {
        return Path.of(Objects.requireNonNull(Script.class.getResource("network.sh"))
                        .toURI())
                .toString();
    }

    private Reading reading(List<String> argv, String connection) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().remove("SSH_CONNECTION");
        builder.environment()
                .putAll(Map.of(
                        "NIXOS_OPERATOR_ROOT",
                        root.resolve("host").toString(),
                        "PATH",
                        root.resolve("bin") + ":" + System.getenv("PATH")));
        if (!connection.isEmpty()) {
            builder.environment().put("SSH_CONNECTION", connection);
        }
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Reading.parse(out);
    }

    @Test
    void tellsTheDeviceOfOurConnection() throws Exception {
        assertThat(seen("198.51.100.9 50000 192.0.2.5 22"))
                .isEqualTo(new Network(
                        "eth0", "ethernet", "192.0.2.5", false, null, true, List.of("192.0.2.5@eth0", "fe80::5@eth0")));
    }

    @ParameterizedTest
    @CsvSource({"::ffff:192.0.2.5", "fe80::5%eth0", "203.0.113.77"})
    void itIsFoundHoweverWeCome(String address) throws Exception {
        assertThat(seen("198.51.100.9 50000 " + address + " 22").device()).isEqualTo("eth0");
    }

    /** sudo takes SSH_CONNECTION out of the environment; the shell that ran sudo still has it. */
    @Test
    void itIsFoundBehindSudo() throws Exception {
        device("eth1", "52:54:00:00:00:02", "device");
        ip("eth0    inet 192.0.2.5/24 scope global eth0", "eth1    inet 192.0.2.6/24 scope global eth1");
        List<String> sudo = List.of("/bin/sh", "-c", "env -u SSH_CONNECTION sh \"$1\"; true", "login", script());
        assertThat(Network.of(reading(sudo, "198.51.100.9 50000 192.0.2.6 22")).device())
                .isEqualTo("eth1");
    }

    @Test
    void itIsThatOfTheDefaultRouteWhereNobodyTells() throws Exception {
        assertThat(seen("").device()).isEqualTo("eth0");
        assertThat(reading(List.of("/bin/sh", script()), "").get("net.routes"))
                .contains("default via 192.0.2.1 dev eth0 proto static onlink");
    }

    @ParameterizedTest
    @CsvSource({
        "wlan0, wireless, wifi",
        "wlan0, phy80211, wifi",
        "bond0, bonding, bond",
        "br0, bridge, bridge",
        "eth0.7, uevent=DEVTYPE=vlan, vlan",
        "team0, device, team",
        "wg0, type=65534, tunnel",
        "tap0, tun_flags=0x1002, tunnel",
        "vx0, uevent=DEVTYPE=vxlan, tunnel",
        "dummy0, power, virtual",
        "eno1, device, ethernet"
    })
    void tellsTheKindOfTheDevice(String name, String has, String kind) throws Exception {
        device(name, "52:54:00:00:00:07", has);
        ip(name + "    inet 192.0.2.7/24 scope global " + name);
        assertThat(seen("198.51.100.9 50000 192.0.2.7 22")).satisfies(network -> {
            assertThat(network.device()).isEqualTo(name);
            assertThat(network.kind()).isEqualTo(kind);
        });
    }

    @ParameterizedTest
    @CsvSource({"vmbr0, eno1, eno1", "br0, eno1, ''", "eth0, eth0.7, eth0.7", "eth0, eth0x, ''"})
    void tellsWhoseUnitTheInstallerReadsFirst(String name, String other, String shadow) throws Exception {
        device(name, "52:54:00:00:00:07");
        device(other, "52:54:00:00:00:07", "device");
        ip(name + "    inet 192.0.2.7/24 scope global " + name);
        assertThat(seen("198.51.100.9 50000 192.0.2.7 22")).satisfies(network -> {
            assertThat(network.shadow()).isEqualTo(shadow.isEmpty() ? null : shadow);
            assertThat(network.port()).isTrue();
        });
    }

    @Test
    void tellsAnAddressThatAServerGave() throws Exception {
        ip(
                "eth0    inet 192.0.2.5/24 metric 100 brd 192.0.2.255 scope global dynamic eth0",
                "eth0    inet 192.0.2.8/24 scope global eth0");
        assertThat(seen("198.51.100.9 50000 192.0.2.5 22").dynamic()).isTrue();
        assertThat(seen("198.51.100.9 50000 192.0.2.8 22").dynamic()).isFalse();
    }
}
