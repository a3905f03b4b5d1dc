package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.Check.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the installer will have the network by which we come in. nixos-images restores addresses and routes of each
 * device by its hardware address, one networkd unit {@code 00-NAME.network} each ({@code restore_routes.py} there), and
 * asks DHCP servers and routers besides; it makes no bonds, bridges, VLANs or tunnels, and joins no Wi-Fi.
 */
final class NetworkChecks {
    private static final String WAY_OUT =
            "give an image that does in spec.install.kexec.image, or the address at which the installer will be found in"
                    + " spec.connection.installer.host";

    private NetworkChecks() {}

    static List<Check> all() {
        return List.of(Check.beforeKexec("InstallerNetwork", NetworkChecks::network));
    }

    private static Verdict network(Examination machine) {
        Network network = Network.of(machine.reading());
        if (network.device() == null) {
            return new Verdict.Warning(
                    "the machine did not say by which device our connection comes in (ip, /sys); should"
                            + " it not come back, a power cycle brings the old system");
        }
        return lost(network)
                .<Verdict>map(what -> isTakenCareOf(machine)
                        ? new Verdict.Warning(
                                what + "; that is left to spec.install.kexec.image and spec.connection.installer.host")
                        : new Verdict.Failed(
                                Reason.InstallerNetworkUnsupported,
                                what + ", and the machine would be out of reach; " + WAY_OUT))
                .orElseGet(() -> restored(network));
    }

    private static boolean isTakenCareOf(Examination machine) {
        Connection.Installer installer = machine.spec().connection().installer();
        return machine.spec().install().kexec().image() != null || (installer != null && installer.host() != null);
    }

    private static Optional<String> lost(Network network) {
        String comes = "our connection comes in by " + network.device() + ", ";
        String why =
                switch (network.kind()) {
                    case "wifi" -> comes + "a Wi-Fi device, which the installer does not join";
                    case "bond" -> comes + "a bond, which the installer does not make";
                    case "team" -> comes + "a team of devices, which the installer does not make";
                    case "vlan" -> comes + "a VLAN, whose tag the installer does not set";
                    case "tunnel" -> comes + "a tunnel, which the installer does not open";
                    default -> network.dynamic() ? "" : lostAddress(network, comes);
                };
        return why.isEmpty() ? Optional.empty() : Optional.of(why);
    }

    /** What a server gives it gives to whatever device asks for it. */
    private static String lostAddress(Network network, String comes) {
        if (network.shadow() != null) {
            return comes + "whose address the installer does not restore: " + network.shadow()
                    + " has the same hardware address, and its settings are taken first";
        }
        return network.port() || !network.kind().equals("bridge")
                ? ""
                : comes + "a bridge with a hardware address of its own, by which the installer finds no device";
    }

    private static Verdict restored(Network network) {
        List<String> warnings = new ArrayList<>();
        if (network.dynamic()) {
            warnings.add(
                    "the address %s was given by a server and may be another one in the installer (%s; a link-local"
                                    .formatted(network.address(), network.candidates())
                            + " one leads there from the same network); then give it in spec.connection.installer.host");
        }
        if (network.kind().equals("bridge")) {
            warnings.add(
                    "our connection comes in by the bridge %s, which the installer does not make: its address goes to"
                                    .formatted(network.device())
                            + " the port with the same hardware address");
        }
        if (network.kind().equals("virtual")) {
            warnings.add("our connection comes in by %s, which is no real device and may not be there in the installer"
                    .formatted(network.device()));
        }
        return warnings.isEmpty()
                ? new Verdict.Passed("%s and its address are restored by the installer".formatted(network.device()))
                : new Verdict.Warning(String.join("; ", warnings));
    }
}
