package dev.nixosoperator.remote;

import org.jspecify.annotations.Nullable;

/**
 * How the login user becomes root; one that is root already needs nothing.
 *
 * @param password of the user, for {@code sudo} or {@code doas}; null: only where none is asked for
 */
public record Privilege(Method method, @Nullable Secret password) {
    public static final Privilege AUTO = new Privilege(Method.AUTO, null);

    /** Which program does it. */
    public enum Method {
        /** Whichever lets us. */
        AUTO,
        /** None: the user must be root. */
        NONE,
        SUDO,
        DOAS
    }
}
