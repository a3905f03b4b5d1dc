package dev.nixosoperator.remote;

import java.util.List;

/**
 * Older algorithms that a machine is offered beside the good ones, as SSH names them.
 *
 * @param signatures of host keys
 */
public record Algorithms(List<String> keyExchange, List<String> ciphers, List<String> macs, List<String> signatures) {
    public static final Algorithms NONE = new Algorithms(List.of(), List.of(), List.of(), List.of());

    public Algorithms {
        keyExchange = List.copyOf(keyExchange);
        ciphers = List.copyOf(ciphers);
        macs = List.copyOf(macs);
        signatures = List.copyOf(signatures);
    }
}
