package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import java.util.List;

/**
 * A machine that does not let us in after its reboot: what that looks like tells what it is.
 *
 * @param failure of the connection
 * @param answers whether the machine gives a sign of life by other means than SSH
 * @param locked whether a passphrase may be asked for before the system runs
 */
record NoEntry(Failed failure, boolean answers, boolean locked) {
    private static final String AGAIN = ", then annotate nixos-operator.dev/reconcile-requested-at";

    Failed told() {
        return switch (failure.reason()) {
            case HostKeyMismatch -> locked ? unlock(initrd()) : hinted(otherKey());
            case AuthenticationFailed, PrivilegeDenied ->
                hinted("an SSH server with a good host key runs after the reboot, but does not let us in; the system's"
                        + " configuration must hold our key (users.users.<name>.openssh.authorizedKeys) for the user of"
                        + " spec.connection.installed");
            case DNSFailed, ConnectTimeout, ConnectionRefused, ConnectionLost -> locked ? unlock(asking()) : silent();
            default -> failure;
        };
    }

    private Failed silent() {
        return Failed.of(Reason.BootTimeout, why() + ". " + failure.message());
    }

    private String why() {
        return switch (failure.reason()) {
            case ConnectionRefused ->
                "the machine is up after the reboot and refuses SSH: sshd does not run or listens on another port; look at"
                        + " services.openssh.enable and ports of the system, and spec.connection.installed.port"
                        + AGAIN;
            case ConnectionLost ->
                "the machine is up after the reboot and ends every SSH connection before the login: look at sshd's log at"
                        + " its console" + AGAIN;
            case DNSFailed ->
                "nothing is known of the machine after the reboot, for its name does not resolve: give its address in"
                        + " spec.connection.installed.host" + AGAIN;
            default ->
                answers
                        ? "the machine is up after the reboot, but nothing answers where SSH should be: a firewall is in"
                                + " the way, or sshd does not run; look at services.openssh (enable, ports, openFirewall)"
                                + " and networking.firewall of the system" + AGAIN
                        : "the machine gives no sign of life after the reboot: it did not boot, or its network is another"
                                + " one; look at its console for a boot that stopped (boot order, initrd modules of the"
                                + " disk controller), and at names and addresses of network devices in the system"
                                + AGAIN;
        };
    }

    private String asking() {
        String asks = "the disks are encrypted, and the machine most likely waits for the passphrase at its console";
        return failure.reason() == Reason.ConnectTimeout && !answers
                ? asks + " (it gives no sign of life: its initrd has no network); unlock it there. " + failure.message()
                : asks
                        + " (it is up, and lets nobody in by SSH); unlock it there, and if it is past that, look at sshd and"
                        + " firewall of the system. " + failure.message();
    }

    private String initrd() {
        return "the disks are encrypted, and an SSH server with another host key answers: the initrd, which waits for the"
                + " passphrase, where the system has boot.initrd.network.ssh; unlock it there. Without that somebody else"
                + " answers. " + failure.message();
    }

    private static String otherKey() {
        return "another host key than expected after the reboot: an installer from another medium, another machine at this"
                + " address, or a system that makes its own keys (spec.install.hostKeys)";
    }

    /** Waits on; the key that was shown is not offered for acceptance, as it is not the system's. */
    private static Failed unlock(String message) {
        return Failed.of(Reason.WaitingForUnlock, message);
    }

    private Failed hinted(String hint) {
        return new Failed(failure.reason(), hint + ": " + failure.message(), List.of(), failure.seen());
    }
}
