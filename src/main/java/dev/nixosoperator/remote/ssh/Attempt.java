package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of one connection, and what its I/O thread learned about it. It travels as the connection context of
 * MINA, because the first packets are on their way before the caller holds the session.
 */
final class Attempt {
    private static final AttributeRepository.AttributeKey<Attempt> KEY = new AttributeRepository.AttributeKey<>();

    private final HostKeyCheck check;
    private final ConnectOptions options;
    private volatile @Nullable HostKey presented;
    private volatile boolean mismatch;
    private volatile @Nullable List<String> methods;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable String reason;
    private volatile int disconnectCode;

    Attempt(HostKeyCheck check, ConnectOptions options) {
        this.check = check;
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
        HostKey shown = HostKey.parse(PublicKeyEntry.toString(key))
                .orElseGet(() -> new HostKey(Objects.toString(KeyUtils.getKeyType(key), "unknown"), ""));
        presented = shown;
        mismatch = check instanceof HostKeyCheck.Pinned(var keys) && !keys.contains(shown);
        return !mismatch;
    }

    /**
     * The host key algorithms with those of pinned keys first: the server takes the first that it has (RFC 4253 section
     * 7.1), so it shows the pinned key if it still has it. The others stay, so that it shows what it has instead.
     */
    String order(String algorithms) {
        if (!(check instanceof HostKeyCheck.Pinned(var keys))) {
            return algorithms;
        }
        List<String> first = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (String algorithm : algorithms.split(",", -1)) {
            String type = algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
            boolean pinned = keys.stream().anyMatch(key -> key.algorithm().equals(type));
            (pinned ? first : rest).add(algorithm);
        }
        first.addAll(rest);
        return String.join(",", first);
    }

    void refused(List<String> canContinue) {
        methods = canContinue;
        failures.incrementAndGet();
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

    boolean mismatch() {
        return mismatch;
    }

    /** Methods the server offers, by its last answer. */
    List<String> methods() {
        List<String> offered = methods;
        return offered == null ? List.of() : offered;
    }

    /** The first refusal answers the question which methods there are; the next one is about our key. */
    boolean keyRefused() {
        boolean gaveUp = disconnectCode == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;
        return failures.get() > 1
                || (failures.get() == 1 && (gaveUp || !methods().contains("publickey")));
    }

    String reason(String otherwise) {
        String why = reason;
        return why == null ? otherwise : why;
    }
}
