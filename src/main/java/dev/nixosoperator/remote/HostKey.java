package dev.nixosoperator.remote;

import dev.nixosoperator.hash.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A public host key as OpenSSH writes it, without comment.
 *
 * @param algorithm key type, such as {@code ssh-ed25519}
 * @param base64 the key blob of RFC 4253 section 6.6
 */
public record HostKey(String algorithm, String base64) {
    private static final Pattern BLANK = Pattern.compile("[ \t]+");
    private static final Pattern ALGORITHM =
            Pattern.compile("(?!.*-cert-v)(ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+");

    /**
     * Reads {@code ssh-ed25519 AAAA… comment}, also with the host field of a known_hosts line before it. Markers
     * ({@code @cert-authority}, {@code @revoked}), comments, certificates and blobs that do not hold a key of the named
     * type are no host key: empty.
     */
    public static Optional<HostKey> parse(String line) {
        String[] fields = BLANK.split(line.strip(), -1);
        if (fields[0].startsWith("#") || fields[0].startsWith("@")) {
            return Optional.empty();
        }
        int type = ALGORITHM.matcher(fields[0]).matches() ? 0 : 1;
        if (fields.length < type + 2 || !ALGORITHM.matcher(fields[type]).matches()) {
            return Optional.empty();
        }
        HostKey key = new HostKey(fields[type], fields[type + 1]);
        return key.wellFormed() ? Optional.of(key) : Optional.empty();
    }

    /** One line without comment and without line end: {@code ssh-ed25519 AAAA…}. */
    public String openSsh() {
        return algorithm + " " + base64;
    }

    /** As {@code ssh-keygen -l} prints it: {@code SHA256:} and unpadded base64. */
    public String fingerprint() {
        byte[] digest = Sha256.of(Base64.getDecoder().decode(base64));
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    }

    /** {@code ssh-ed25519 SHA256:…} for messages. */
    @Override
    public String toString() {
        return wellFormed() ? algorithm + " " + fingerprint() : algorithm + " (malformed)";
    }

    private boolean wellFormed() {
        byte[] name = algorithm.getBytes(StandardCharsets.UTF_8);
        try {
            ByteBuffer blob = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
            return blob.remaining() > Integer.BYTES + name.length
                    && blob.getInt() == name.length
                    && blob.slice(Integer.BYTES, name.length).equals(ByteBuffer.wrap(name));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
