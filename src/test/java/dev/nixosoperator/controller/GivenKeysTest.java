package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.KnownKeys;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GivenKeysTest {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
    private static final Set<HostKey> KEYS = Set.of(HostKey.parse(KEY).orElseThrow());
    private static final Endpoint WEB = new Endpoint("web.example.org", 2222, "root");

    private final KubernetesClient client = new KubernetesClientBuilder().build();
    private final Reading reading =
            new Reading(new ObjectReader(client, id -> Optional.empty(), id -> Optional.empty()), "default");

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aMarkerInKnownHostsSaysWhatTheKeyIsGoodFor() throws Exception {
        assertThat(given("{knownHosts: ['elsewhere.example.org %s', '# a comment']}"))
                .isEqualTo(KnownKeys.of(KEYS));
        assertThat(given("{knownHosts: ['@cert-authority * %s']}")).isEqualTo(new KnownKeys(Set.of(), KEYS, Set.of()));
        assertThat(given("{knownHosts: ['@revoked %s']}")).isEqualTo(new KnownKeys(Set.of(), Set.of(), KEYS));
        assertThat(given("{certAuthorities: ['%s']}")).isEqualTo(new KnownKeys(Set.of(), KEYS, Set.of()));
        assertThat(reading.problem()).isNull();
    }

    @Test
    void whatIsNoAuthorityIsNamed() throws Exception {
        given("{certAuthorities: ['%s', '@revoked %1$s']}");
        assertThat(reading.problem())
                .isEqualTo(new Inputs.Unresolved(
                        Reason.HostKeyMismatch,
                        "spec.connection.hostKeys.certAuthorities[1] is no public key of an authority; write it as it"
                                + " stands in its .pub file"));
    }

    @Test
    void aRevokedKeyIsRefusedAtFirstUseToo() throws Exception {
        KnownKeys known = given("{knownHosts: ['@revoked %s']}");
        assertThat(known.decides()).isFalse();
        assertThat(known.check(Set.of(), false)).isEqualTo(new HostKeyCheck.FirstUse(KEYS));
        assertThat(known.check(Set.of(), true)).isEqualTo(new HostKeyCheck.Pinned(Set.of(), Set.of(), KEYS));
    }

    @Test
    void anAuthorityLeavesNoFirstUse() throws Exception {
        assertThat(given("{certAuthorities: ['%s']}").check(Set.of(), false))
                .isEqualTo(new HostKeyCheck.Pinned(Set.of(), KEYS, Set.of()));
    }

    @Test
    void ofAFileTheLinesAboutTheEndpointCount() {
        GivenKeys keys = new GivenKeys(reading);
        keys.file(
                "file",
                """
                # of the data centre
                web.example.org nonsense
                db.example.org %1$s
                [*.example.org]:2222 %1$s
                @cert-authority [web.example.org]:* %1$s
                """
                        .formatted(KEY),
                WEB);
        assertThat(keys.known()).isEqualTo(new KnownKeys(KEYS, KEYS, Set.of()));
        assertThat(reading.problem()).isNull();
        keys.file("file", "\n[web.example.org]:2222 nonsense", WEB);
        assertThat(reading.problem())
                .isEqualTo(new Inputs.Unresolved(
                        Reason.HostKeyMismatch,
                        "file, line 2 is no public host key; write it as ssh-keyscan prints it"));
    }

    @Test
    void aFileThatIsNotThereIsMissed() throws Exception {
        given("{knownHostsConfigMapKeyRef: {name: hosts, key: known_hosts}}");
        assertThat(reading.problem())
                .isEqualTo(new Inputs.Unresolved(
                        Reason.ConfigMapNotFound,
                        "spec.connection.hostKeys.knownHostsConfigMapKeyRef: there is no ConfigMap hosts in this"
                                + " namespace"));
    }

    /** So that a change of one wakes the machine. */
    @Test
    void filesOfAllSystemsAreReferences() throws Exception {
        String file = "hostKeys: {knownHostsConfigMapKeyRef: {name: %s, key: known_hosts}}";
        NixosMachineSpec spec = YAML.readValue(
                "{install: {}, connection: {host: a, credentialsSecretRef: {name: ssh}, %s, installer: {%s}, installed: {%s}}}"
                        .formatted(file.formatted("one"), file.formatted("two"), file.formatted("three")),
                NixosMachineSpec.class);
        assertThat(References.of(spec).configMaps()).containsExactlyInAnyOrder("one", "two", "three");
    }

    private KnownKeys given(String yaml) throws JsonProcessingException {
        Connection.HostKeys given = YAML.readValue(yaml.formatted(KEY), Connection.HostKeys.class);
        return GivenKeys.of("spec.connection.hostKeys", given, WEB, reading);
    }
}
