package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * Older algorithms of SSH for a machine that has no better ones. Each of them is weak, so each is allowed by name; what is
 * good is preferred all the same.
 *
 * @param keyExchange ways to agree on the keys of a connection
 * @param ciphers what a connection is encrypted with
 * @param macs what protects a connection from changes
 * @param signatures how host keys are proven
 */
public record Algorithms(
        @Size(max = 8) List<KeyExchange> keyExchange,
        @Size(max = 8) List<Cipher> ciphers,
        @Size(max = 8) List<Mac> macs,
        @Size(max = 8) List<Signature> signatures) {
    static final Algorithms NONE = new Algorithms(List.of(), List.of(), List.of(), List.of());

    public Algorithms {
        keyExchange = Lists.orEmpty(keyExchange);
        ciphers = Lists.orEmpty(ciphers);
        macs = Lists.orEmpty(macs);
        signatures = Lists.orEmpty(signatures);
    }

    /** See {@link Algorithms}; named as in SSH. */
    public enum KeyExchange {
        GROUP14_SHA1("diffie-hellman-group14-sha1"),
        GROUP_EXCHANGE_SHA1("diffie-hellman-group-exchange-sha1"),
        GROUP1_SHA1("diffie-hellman-group1-sha1");

        private final String ssh;

        KeyExchange(String ssh) {
            this.ssh = ssh;
        }

        @JsonValue
        public String ssh() {
            return ssh;
        }
    }

    /** See {@link Algorithms}; named as in SSH. */
    public enum Cipher {
        AES128_CBC("aes128-cbc"),
        AES192_CBC("aes192-cbc"),
        AES256_CBC("aes256-cbc"),
        TRIPLE_DES_CBC("3des-cbc");

        private final String ssh;

        Cipher(String ssh) {
            this.ssh = ssh;
        }

        @JsonValue
        public String ssh() {
            return ssh;
        }
    }

    /** See {@link Algorithms}; named as in SSH. */
    public enum Mac {
        SHA1_ETM("hmac-sha1-etm@openssh.com"),
        SHA1("hmac-sha1"),
        SHA1_96("hmac-sha1-96"),
        MD5("hmac-md5"),
        MD5_96("hmac-md5-96");

        private final String ssh;

        Mac(String ssh) {
            this.ssh = ssh;
        }

        @JsonValue
        public String ssh() {
            return ssh;
        }
    }

    /** See {@link Algorithms}; named as in SSH. */
    public enum Signature {
        SSH_RSA("ssh-rsa");

        private final String ssh;

        Signature(String ssh) {
            this.ssh = ssh;
        }

        @JsonValue
        public String ssh() {
            return ssh;
        }
    }
}
