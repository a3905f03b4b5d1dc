package dev.nixosoperator.controller;

import dev.nixosoperator.remote.Printable;

/**
 * Something that people want to hear of once.
 *
 * @param warning whether it needs attention
 * @param reason machine word
 * @param message for people; never with a secret
 */
record Happening(boolean warning, String reason, String message) {
    Happening {
        message = Printable.text(message);
    }

    static Happening normal(String reason, String message) {
        return new Happening(false, reason, message);
    }

    static Happening warning(String reason, String message) {
        return new Happening(true, reason, message);
    }
}
