package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.KeyRef;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Secrets and ConfigMaps that a spec names; all are in the machine's namespace. */
record References(Set<String> secrets, Set<String> configMaps) {

    static References of(NixosMachineSpec spec) {
        Connection connection = spec.connection();
        Install install = spec.install();
        Stream<@Nullable LocalRef> whole = Stream.<Stream<@Nullable LocalRef>>of(
                        Stream.of(connection.credentialsSecretRef()),
                        connection.jumpHosts().stream().map(Connection.JumpHost::credentialsSecretRef),
                        Stream.ofNullable(connection.installer()).map(Connection.Installer::credentialsSecretRef),
                        Stream.ofNullable(connection.installed()).map(Connection.Installed::credentialsSecretRef),
                        Stream.ofNullable(install.hostKeys().secretRef()),
                        install.extraFiles().stream().map(Install.ExtraFile::secretRef))
                .flatMap(refs -> refs);
        Stream<@Nullable KeyRef> keys = Stream.<Stream<@Nullable KeyRef>>of(
                        Stream.of(connection.privilege().passwordSecretKeyRef()),
                        install.encryptionKeys().stream().map(Install.EncryptionKey::secretKeyRef),
                        install.extraFiles().stream().map(Install.ExtraFile::secretKeyRef))
                .flatMap(refs -> refs);
        Set<String> secrets = Stream.concat(
                        whole.filter(Objects::nonNull).map(LocalRef::name),
                        keys.filter(Objects::nonNull).map(KeyRef::name))
                .collect(Collectors.toSet());
        Stream<Connection.@Nullable HostKeys> hostKeys = Stream.<Stream<Connection.@Nullable HostKeys>>of(
                        Stream.of(connection.hostKeys()),
                        connection.jumpHosts().stream().map(Connection.JumpHost::hostKeys),
                        Stream.ofNullable(connection.installer()).map(Connection.Installer::hostKeys),
                        Stream.ofNullable(connection.installed()).map(Connection.Installed::hostKeys))
                .flatMap(given -> given);
        Set<String> configMaps = Stream.concat(
                        hostKeys.filter(Objects::nonNull).map(Connection.HostKeys::knownHostsConfigMapKeyRef),
                        install.extraFiles().stream().map(Install.ExtraFile::configMapKeyRef))
                .filter(Objects::nonNull)
                .map(KeyRef::name)
                .collect(Collectors.toSet());
        return new References(secrets, configMaps);
    }
}
