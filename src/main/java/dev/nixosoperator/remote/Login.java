package dev.nixosoperator.remote;

import org.jspecify.annotations.Nullable;

/**
 * The one key that is offered.
 *
 * @param privateKey the private key file: OpenSSH or PEM; ed25519, RSA or ECDSA
 * @param passphrase decrypts the key file; null for a key that is not encrypted
 */
public record Login(Secret privateKey, @Nullable Secret passphrase) {
    public static Login of(Secret privateKey) {
        return new Login(privateKey, null);
    }
}
