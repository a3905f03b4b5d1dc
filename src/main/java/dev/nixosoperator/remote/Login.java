package dev.nixosoperator.remote;

import org.jspecify.annotations.Nullable;

/**
 * Who we are. Nothing else is ever offered to a server; at least one of key and password is there.
 *
 * @param privateKey the private key file: OpenSSH, PEM or PKCS#8; ed25519, RSA or ECDSA
 * @param passphrase decrypts the key file; null for a key that is not encrypted
 * @param certificate for the key, signed by an authority of the server, as ssh-keygen writes it; offered before the key
 *     alone
 * @param password for the methods {@code password} and {@code keyboard-interactive}
 */
public record Login(
        @Nullable Secret privateKey,
        @Nullable Secret passphrase,
        @Nullable Secret certificate,
        @Nullable Secret password) {
    public static Login of(Secret privateKey) {
        return new Login(privateKey, null, null, null);
    }

    public static Login ofPassword(Secret password) {
        return new Login(null, null, null, password);
    }

    /** Whether a key alone gets in, so that it does where keys alone are known: in the installer. */
    public boolean isPlainKey() {
        return privateKey != null && certificate == null && password == null;
    }

    public Login withPassphrase(Secret phrase) {
        return new Login(privateKey, phrase, certificate, password);
    }

    public Login withCertificate(Secret signed) {
        return new Login(privateKey, passphrase, signed, password);
    }
}
