package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Endpoint;
import java.util.List;

/** Says why a server did not let us in, by what it offers and what we had. */
final class Denial {
    private Denial() {}

    static String words(Endpoint endpoint, Offer.Ready offer, Attempt attempt) {
        List<String> methods = attempt.methods();
        String offers = methods.isEmpty() ? "nothing else" : String.join(", ", methods);
        if (attempt.accepted()) {
            return endpoint + " accepts " + offer.words() + " only together with more (it offers: " + offers
                    + "). Put what is missing into the Secret too, or let one of them be enough for this user.";
        }
        if (methods.isEmpty() || offer.fits(methods)) {
            return endpoint + " does not accept " + offer.words() + " (it offers: " + offers + "). " + advice(offer);
        }
        return endpoint + " takes none of what we have, " + offer.words() + " (it offers: " + offers
                + "). Allow it for this user in its sshd_config, or put another way in into the Secret ("
                + "ssh-privatekey, password).";
    }

    private static String advice(Offer.Ready offer) {
        if (offer.keys().isEmpty()) {
            return "Check user and password.";
        }
        return offer.keys().size() > 1
                ? "Let it trust the certificate's authority (TrustedUserCAKeys) for this user, or add the public key"
                        + " to the user's authorized_keys."
                : "Add its public key to the user's authorized_keys, or check user and key.";
    }
}
