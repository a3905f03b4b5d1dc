package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.kex.KexProposalOption;

/**
 * A part of the key exchange in which a server has nothing of what it was offered.
 *
 * @param offers the names that it has instead
 */
record Disagreement(Part part, List<String> offers) {
    private static final int TOLD = 12;

    /**
     * A part that a spec can add to.
     *
     * @param field of {@code spec.connection.algorithms}
     * @param old what it may add
     */
    record Part(String name, String field, List<String> old, List<KexProposalOption> options) {}

    private static final List<Part> PARTS = List.of(
            new Part(
                    "key exchange",
                    "keyExchange",
                    OldAlgorithms.ALL.keyExchange(),
                    List.of(KexProposalOption.ALGORITHMS)),
            new Part(
                    "host key signatures",
                    "signatures",
                    OldAlgorithms.ALL.signatures(),
                    List.of(KexProposalOption.SERVERKEYS)),
            new Part(
                    "ciphers",
                    "ciphers",
                    OldAlgorithms.ALL.ciphers(),
                    List.of(KexProposalOption.C2SENC, KexProposalOption.S2CENC)),
            new Part(
                    "MACs",
                    "macs",
                    OldAlgorithms.ALL.macs(),
                    List.of(KexProposalOption.C2SMAC, KexProposalOption.S2CMAC)));

    /** All of them, so that the spec is changed once; a cipher with a MAC of its own needs no agreement on MACs. */
    static List<Disagreement> between(Map<KexProposalOption, String> ours, Map<KexProposalOption, String> theirs) {
        return PARTS.stream()
                .flatMap(part -> part.options.stream()
                        .filter(option -> names(ours, option)
                                .noneMatch(name -> names(theirs, option).anyMatch(name::equals)))
                        .limit(1)
                        .map(option ->
                                new Disagreement(part, names(theirs, option).toList())))
                .toList();
    }

    /** Without the marks that travel among the key exchanges. */
    private static Stream<String> names(Map<KexProposalOption, String> proposal, KexProposalOption option) {
        return Arrays.stream(proposal.getOrDefault(option, "").split(",", -1))
                .filter(name -> !name.isEmpty() && !name.startsWith("ext-info-") && !name.startsWith("kex-strict-"));
    }

    static String words(Endpoint endpoint, List<Disagreement> parts) {
        return parts.stream()
                .map(Disagreement::words)
                .collect(Collectors.joining(
                        "; ", "the SSH server at " + endpoint + " is too old, and nothing is agreed on for its ", "."));
    }

    private String words() {
        String has = offers.stream()
                .limit(TOLD)
                .map(name -> Printable.text(name, 64))
                .collect(Collectors.joining(", ", part.name + " (it offers: ", ")"));
        String allowed =
                String.join(", ", part.old.stream().filter(offers::contains).toList());
        return allowed.isEmpty()
                ? has + ", for which only a newer SSH server helps"
                : has + ", which spec.connection.algorithms." + part.field + " allows for this machine: " + allowed;
    }
}
