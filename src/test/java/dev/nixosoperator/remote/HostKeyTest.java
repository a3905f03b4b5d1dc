package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostKeyTest {
    private static final String BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh-ed25519 " + BLOB,
                "ssh-ed25519 " + BLOB + " root@machine with words",
                "  ssh-ed25519\t" + BLOB + "  \n",
                "machine.example,192.0.2.1 ssh-ed25519 " + BLOB,
                "[machine.example]:2222 ssh-ed25519 " + BLOB + " comment",
                "|1|c2FsdA==|aGFzaA== ssh-ed25519 " + BLOB
            })
    void reads(String line) {
        assertThat(HostKey.parse(line)).contains(new HostKey("ssh-ed25519", BLOB));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#",
                "# ssh-ed25519 " + BLOB,
                "@revoked * ssh-ed25519 " + BLOB,
                "@cert-authority *.example ssh-ed25519 " + BLOB,
                "ssh-ed25519",
                "ssh-ed25519 not*base64",
                "ssh-ed25519 AAAA",
                "ssh-rsa " + BLOB,
                "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAA",
                "host ssh-ed25519",
                "a b c d",
                "-----BEGIN OPENSSH PRIVATE KEY-----"
            })
    void refuses(String line) {
        assertThat(HostKey.parse(line)).isEmpty();
    }

    @Test
    void printsAsOpenSsh() {
        HostKey key = HostKey.parse("h ssh-ed25519 " + BLOB + " c").orElseThrow();
        assertThat(key.openSsh()).isEqualTo("ssh-ed25519 " + BLOB);
        // ssh-keygen -l
        assertThat(key.fingerprint()).isEqualTo("SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA");
        assertThat(key).hasToString("ssh-ed25519 " + key.fingerprint());
    }
}
