package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKey;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of one connection, and what its I/O thread learned about it. It travels as the connection context of
 * MINA, because the first packets are on their way before the caller holds the session.
 */
final class Attempt {
    private static final AttributeRepository.AttributeKey<Attempt> KEY = new AttributeRepository.AttributeKey<>();

    private final HostProof proof;
    private final ConnectOptions options;
    private volatile @Nullable HostKey presented;
    private volatile @Nullable String mismatch;
    private volatile @Nullable List<String> methods;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable String reason;
    private volatile int disconnectCode;
    private volatile boolean accepted;
    private volatile boolean exhausted;
    private volatile List<Disagreement> disagreements = List.of();

    Attempt(HostProof proof, ConnectOptions options) {
        this.proof = proof;
        this.options = options;
    }

    AttributeRepository context() {
        return AttributeRepository.ofKeyValuePair(KEY, this);
    }

    static Attempt of(Session session) {
        AttributeRepository context = Objects.requireNonNull(((ClientSession) session).getConnectionContext());
        return Objects.requireNonNull(context.getAttribute(KEY));
    }

    ConnectOptions options() {
        return options;
    }

    /** The verifier's answer; runs on an I/O thread and does not block. */
    boolean accepts(PublicKey key) {
        HostProof.Verdict verdict = proof.of(key);
        presented = verdict.key();
        mismatch = verdict.why();
        return verdict.why() == null;
    }

    String order(String algorithms) {
        return proof.order(algorithms);
    }

    void disagreed(List<Disagreement> parts) {
        disagreements = List.copyOf(parts);
    }

    /** Why no key exchange was possible; empty when it was, or when it never came to that. */
    List<Disagreement> disagreements() {
        return disagreements;
    }

    /** @param partial what was tried last was right, and is not enough */
    void refused(List<String> canContinue, boolean partial) {
        methods = canContinue;
        accepted |= partial;
        failures.incrementAndGet();
    }

    /** The failure, with the key that the server showed. */
    Refused refused(ConnectFailure failure, String message) {
        @Nullable HostKey shown = presented;
        return new Refused(failure, message, shown);
    }

    Refused lost(String endpoint, String when) {
        return refused(
                ConnectFailure.CONNECTION_LOST,
                "the connection to " + endpoint + " ended " + when + ": "
                        + Failures.words(reason("the server closed it without a word"))
                        + " Try again; if it stays, look at the server's log.");
    }

    void ended(Exception thrown) {
        exhausted |= thrown instanceof SshException ssh
                && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;
        ended(thrown.getMessage());
    }

    /** The first reason is the cause, later ones follow from it. */
    void ended(@Nullable String why) {
        if (reason == null && why != null && !why.isBlank()) {
            reason = why.strip();
        }
    }

    void disconnected(int code, @Nullable String message) {
        disconnectCode = code;
        ended("the server said: " + (message == null ? "" : message));
    }

    @Nullable
    HostKey presented() {
        return presented;
    }

    /** Why the key was refused; null: it was not. */
    @Nullable
    String mismatch() {
        return mismatch;
    }

    /** Methods the server offers, by its last answer. */
    List<String> methods() {
        List<String> offered = methods;
        return offered == null ? List.of() : offered;
    }

    /** Whether the server took a part of what we have. */
    boolean accepted() {
        return accepted;
    }

    /**
     * Whether it was the login that failed, not the connection: nothing is left to try, or the server had enough. The
     * first refusal only answers the question which methods there are.
     */
    boolean isDenied(Offer.Ready offer) {
        String said = reason;
        return exhausted
                || disconnectCode == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE
                || failures.get() > offer.tries()
                || (said != null && said.contains("oo many authentication failures"));
    }

    String reason(String otherwise) {
        String why = reason;
        return why == null ? otherwise : why;
    }
}
