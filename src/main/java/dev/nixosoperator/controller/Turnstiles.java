package dev.nixosoperator.controller;

import dev.nixosoperator.ops.Meters;
import dev.nixosoperator.work.Turnstile;

/** The limits beside the one on tries, counted. */
record Turnstiles(Turnstile connects, Turnstile uploads) {
    static Turnstiles of(Limits limits, Meters meters) {
        return new Turnstiles(
                counted("connects", "SSH connections", limits.connects(), meters),
                counted("uploads", "Uploads of the installer", limits.uploads(), meters));
    }

    private static Turnstile counted(String name, String what, int limit, Meters meters) {
        Turnstile turnstile = new Turnstile(limit);
        meters.gauge("nixos_operator_" + name + "_running", what + " that are under way now", turnstile::inside);
        meters.gauge("nixos_operator_" + name + "_queued", what + " that wait for their turn", turnstile::waiting);
        return turnstile;
    }
}
