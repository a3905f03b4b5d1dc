package dev.nixosoperator.remote;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * A key pair of the operator's own, for one machine.
 *
 * @param privateKey an OpenSSH key file without passphrase
 * @param publicKey a line for authorized_keys, without line end
 */
public record MachineKey(Secret privateKey, String publicKey) {
    private static final String TYPE = "ssh-ed25519";
    private static final int LENGTH = 32;

    /** @param comment says to people whose key it is; ASCII without line ends */
    public static MachineKey generate(String comment) {
        KeyPair pair = pair();
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        byte[] encoded = pair.getPublic().getEncoded(); // X.509: the key is its end (RFC 8410)
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - LENGTH, encoded.length);
        byte[] blob = joined(text(TYPE), point);
        String file = Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(file(blob, seed, point, comment));
        return new MachineKey(
                Secret.of("-----BEGIN OPENSSH PRIVATE KEY-----\n" + file + "\n-----END OPENSSH PRIVATE KEY-----\n"),
                TYPE + " " + Base64.getEncoder().encodeToString(blob) + " " + comment);
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519", "SunEC").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /** <a href="https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key">PROTOCOL.key</a>. */
    private static byte[] file(byte[] blob, byte[] seed, byte[] point, String comment) {
        int check = new SecureRandom().nextInt();
        byte[] pair = Arrays.copyOf(seed, 2 * LENGTH);
        System.arraycopy(point, 0, pair, LENGTH, LENGTH);
        byte[] secret = joined(text(TYPE), point, pair, text(comment));
        return written(out -> {
            out.write(text("openssh-key-v1\0"));
            out.write(joined(text("none"), text("none"), new byte[0]));
            out.writeInt(1);
            out.write(joined(blob, padded(written(body -> {
                body.writeInt(check);
                body.writeInt(check);
                body.write(secret);
            }))));
        });
    }

    /** To a multiple of 8, with 1, 2, 3 … */
    private static byte[] padded(byte[] body) {
        byte[] whole = Arrays.copyOf(body, (body.length + 7) / 8 * 8);
        for (int i = body.length; i < whole.length; i++) {
            whole[i] = (byte) (i - body.length + 1);
        }
        return whole;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Each with its length before it (RFC 4251, string). */
    private static byte[] joined(byte[]... strings) {
        return written(out -> {
            for (byte[] string : strings) {
                out.writeInt(string.length);
                out.write(string);
            }
        });
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }
}
