package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Course;
import dev.nixosoperator.phase.Check.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the coming systems will be entered: told before anything changes, as it cannot be tried before. */
final class LoginChecks {
    private LoginChecks() {}

    static List<Check> all() {
        return List.of(
                Check.beforeKexec("InstallerLogin", LoginChecks::installer),
                new Check(
                        "InstalledLogin",
                        machine -> Course.of(machine.spec()).has(Step.Verify),
                        LoginChecks::installed));
    }

    private static Verdict installer(Examination machine) {
        Connection connection = machine.spec().connection();
        Connection.Installer own = connection.installer();
        return new Verdict.Passed("the installer will be entered as %s with Secret %s"
                .formatted(
                        MachineAccess.endpoint(connection, Role.INSTALLER),
                        secret(connection, own == null ? null : own.credentialsSecretRef())));
    }

    private static Verdict installed(Examination machine) {
        Connection connection = machine.spec().connection();
        Connection.Installed own = connection.installed();
        return new Verdict.Passed(
                "Verify logs in as %s with Secret %s: the system must let it in (authorized keys, port, firewall)"
                        .formatted(
                                MachineAccess.endpoint(connection, Role.INSTALLED),
                                secret(connection, own == null ? null : own.credentialsSecretRef())));
    }

    private static String secret(Connection connection, @Nullable LocalRef own) {
        return own == null ? connection.credentialsSecretRef().name() : own.name();
    }
}
