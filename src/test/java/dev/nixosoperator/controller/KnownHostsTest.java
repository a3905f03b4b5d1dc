package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.phase.MachineInputs;
import dev.nixosoperator.phase.MachineInputs.Way;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.KnownKeys;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Secret;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownHostsTest {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final HostKey PINNED = key(1);
    private static final HostKey INSTALLED = key(2);
    private static final HostKey GIVEN = key(3);

    private static HostKey key(int number) {
        byte[] blob = ("\0\0\0\u000bssh-ed25519\0\0\0\1" + (char) number)
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        return new HostKey("ssh-ed25519", Base64.getEncoder().encodeToString(blob));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{host: web-1.example.org}                                        | web-1.example.org PINNED",
                "{host: 192.0.2.5, port: 2222}                                    | [192.0.2.5]:2222 PINNED",
                "{host: '2001:db8::5', port: 2222}                                | [2001:db8::5]:2222 PINNED",
                "{host: '2001:db8::5'}                                            | 2001:db8::5 PINNED",
                "{host: 192.0.2.5, installed: {port: 2222}}                       | 192.0.2.5 PINNED; [192.0.2.5]:2222 PINNED",
                "{host: 192.0.2.5, installer: {host: 192.0.2.6}}                  | 192.0.2.5 PINNED; 192.0.2.6 PINNED",
            })
    void everyAddressStandsThereWithItsKeys(String connection, String lines) throws Exception {
        assertThat(lines(connection, way(), List.of())).isEqualTo(lines);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | false | 192.0.2.5 PINNED",
                "false | true  | 192.0.2.5 PINNED; 192.0.2.5 INSTALLED",
                "true  | false | 192.0.2.5 GIVEN",
                "true  | true  | 192.0.2.5 INSTALLED; 192.0.2.5 GIVEN"
            })
    void theKeysAreThoseThatTheOperatorDemands(boolean given, boolean expected, String lines) throws Exception {
        Way way = given ? way(GIVEN) : way();
        assertThat(lines("{host: 192.0.2.5}", way, expected ? List.of(INSTALLED.openSsh()) : List.of()))
                .isEqualTo(lines);
    }

    @Test
    void authoritiesAndRevokedKeysStandThereToo() throws Exception {
        KnownKeys known = new KnownKeys(Set.of(), Set.of(GIVEN), Set.of(INSTALLED));
        Way way = new Way(Login.of(Secret.of("key")), Privilege.AUTO, List.of(), known, false);
        assertThat(lines("{host: 192.0.2.5, port: 2222}", way, List.of()))
                .isEqualTo("@cert-authority [192.0.2.5]:2222 GIVEN; @revoked [192.0.2.5]:2222 INSTALLED");
    }

    private static Way way(HostKey... given) {
        return new Way(Login.of(Secret.of("key")), Privilege.AUTO, List.of(), KnownKeys.of(Set.of(given)), false);
    }

    private static String lines(String connection, Way way, List<String> expected) throws JsonProcessingException {
        NixosMachine machine = new NixosMachine();
        machine.setSpec(YAML.readValue("connection: " + connection, NixosMachineSpec.class));
        Identity identity =
                new Identity(null, null, null, List.of(PINNED.openSsh()), expected, List.of(), null, null, List.of());
        MachineInputs inputs = new MachineInputs(way, way, way, null, Map.of(), List.of(), Map.of());
        return KnownHosts.lines(machine, inputs, identity)
                .strip()
                .replace("\n", "; ")
                .replace(PINNED.openSsh(), "PINNED")
                .replace(INSTALLED.openSsh(), "INSTALLED")
                .replace(GIVEN.openSsh(), "GIVEN");
    }
}
