package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.KeyRef;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.MachineAccess;
import dev.nixosoperator.phase.MachineInputs.Hop;
import dev.nixosoperator.phase.MachineInputs.Way;
import dev.nixosoperator.phase.Role;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Secret;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one gets into the systems of one machine. */
record Ways(Way initial, Way installer, Way installed) {
    static Ways of(Connection connection, Reading reading) {
        Connection.Installer installer = connection.installer();
        Connection.Installed installed = connection.installed();
        return new Ways(
                way("spec.connection", Role.INITIAL, connection, null, null, reading),
                installer == null
                        ? way("spec.connection", Role.INSTALLER, connection, null, null, reading)
                        : way(
                                "spec.connection.installer",
                                Role.INSTALLER,
                                connection,
                                installer.credentialsSecretRef(),
                                installer.hostKeys(),
                                reading),
                installed == null
                        ? way("spec.connection", Role.INSTALLED, connection, null, null, reading)
                        : way(
                                "spec.connection.installed",
                                Role.INSTALLED,
                                connection,
                                installed.credentialsSecretRef(),
                                installed.hostKeys(),
                                reading));
    }

    private static Way way(
            String field,
            Role role,
            Connection general,
            @Nullable LocalRef ownSecret,
            Connection.@Nullable HostKeys ownKeys,
            Reading reading) {
        LocalRef secret = ownSecret == null ? general.credentialsSecretRef() : ownSecret;
        Endpoint endpoint = MachineAccess.endpoint(general, role);
        Connection.HostKeys keys = ownKeys == null ? general.hostKeys() : ownKeys;
        return new Way(
                login(field + ".credentialsSecretRef", secret, reading),
                privilege(general.privilege(), reading),
                hops(general.jumpHosts(), reading),
                GivenKeys.of(field + ".hostKeys", keys, endpoint, reading),
                keys.policy() == Connection.HostKeys.Policy.Strict);
    }

    private static Login login(String field, LocalRef ref, Reading reading) {
        return switch (Credentials.of(reading.secret(field, ref.name()))) {
            case Credentials.Complete(Login login) -> login;
            case Credentials.Incomplete(String why) -> {
                reading.fail(Reason.SecretInvalid, "%s: Secret %s %s".formatted(field, ref.name(), why));
                yield Login.ofPassword(Secret.of(""));
            }
        };
    }

    private static List<Hop> hops(List<Connection.JumpHost> hosts, Reading reading) {
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            String field = "spec.connection.jumpHosts[%d]".formatted(i);
            Connection.JumpHost host = hosts.get(i);
            Endpoint endpoint = new Endpoint(host.host(), host.port(), host.user());
            hops.add(new Hop(
                    endpoint,
                    login(field + ".credentialsSecretRef", host.credentialsSecretRef(), reading),
                    GivenKeys.of(field + ".hostKeys", host.hostKeys(), endpoint, reading),
                    host.hostKeys().policy() == Connection.HostKeys.Policy.Strict));
        }
        return hops;
    }

    private static Privilege privilege(Connection.Privilege wanted, Reading reading) {
        Privilege.Method method =
                switch (wanted.method()) {
                    case Auto -> Privilege.Method.AUTO;
                    case None -> Privilege.Method.NONE;
                    case Sudo -> Privilege.Method.SUDO;
                    case Doas -> Privilege.Method.DOAS;
                };
        KeyRef ref = wanted.passwordSecretKeyRef();
        Secret password = ref == null ? null : reading.secret("spec.connection.privilege.passwordSecretKeyRef", ref);
        return new Privilege(method, password);
    }
}
