package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.CopyOptions;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.nix.Answer;
import dev.nixosoperator.nix.NixCommand;
import dev.nixosoperator.nix.PathInfo;
import dev.nixosoperator.nix.PublicKey;
import dev.nixosoperator.nix.StorePath;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.RemoteHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The system and all it needs, as its source describes it to the installer.
 *
 * @param store where it comes from; {@link #LOCAL}: it is in the installer's store already; {@link #RELAYED}: from the
 *     operator, who checked the signatures
 * @param paths all of it; only the system itself where no single source knows all
 */
record Closure(String store, List<PathInfo> paths) {
    /** The store of the machine that the command runs on. */
    static final String LOCAL = "auto";

    static final String RELAYED = "the caches that the operator reads";

    /** The file of a system that says it. */
    private static final String SYSTEM = "system";

    static final String TARGET = "local?root=/mnt";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A closure, or why there is none. */
    sealed interface Found {
        record At(Closure closure) implements Found {}

        record Not(Failed failure) implements Found {}
    }

    /** Binary caches that are asked, in order, by the machine or for it. */
    static List<String> caches(StepContext context) {
        SystemSource.StorePath path = context.spec().system().storePath();
        return Stream.concat(
                        path == null ? Stream.empty() : Stream.ofNullable(path.from()),
                        context.spec().copy().substituters().stream())
                .distinct()
                .toList();
    }

    /** Binary caches that a build takes from; without any it would build all there is. */
    static List<String> buildCaches(StepContext context) {
        CopyOptions copy = context.spec().copy();
        if (!copy.substituteOnTarget()) {
            return List.of();
        }
        return copy.substituters().isEmpty() ? List.of("https://cache.nixos.org") : copy.substituters();
    }

    /** Those of the spec, and the one that every Nix trusts. */
    static List<PublicKey> keys(StepContext context) {
        return Stream.concat(
                        context.spec().copy().trustedPublicKeys().stream()
                                .map(PublicKey::parse)
                                .flatMap(Optional::stream),
                        Stream.of(PublicKey.CACHE_NIXOS_ORG))
                .distinct()
                .toList();
    }

    /** Ok where the path is valid in that store. */
    static CommandResult valid(RemoteHost host, String store, StorePath path) {
        return host.run(command(NixCommand.valid(store, path)));
    }

    /** Asks the installer's own store, then every cache. */
    static Found find(StepContext context, RemoteHost host) {
        StorePath toplevel = Operations.toplevel(context);
        if (caches(context).isEmpty() || !Relay.isFor(context)) {
            return find(host, toplevel, Stream.concat(Stream.of(LOCAL), caches(context).stream()));
        }
        return switch (find(host, toplevel, Stream.of(LOCAL))) {
            case Found.At here -> here;
            case Found.Not not -> host.isOpen() ? new Relay(context).closure(toplevel) : not;
        };
    }

    private static Found find(RemoteHost host, StorePath toplevel, Stream<String> all) {
        List<String> stores = all.toList();
        String last = "no source is named in spec.system.storePath.from or spec.copy.substituters";
        for (String store : stores) {
            CommandResult result = host.run(command(NixCommand.closureInfo(store, toplevel)));
            switch (result) {
                case CommandResult.Exited exited -> {
                    List<PathInfo> paths =
                            exited.code() == 0 ? PathInfo.parse(exited.out()).orElse(List.of()) : List.of();
                    if (holds(paths, toplevel)) {
                        return new Found.At(new Closure(store, paths));
                    }
                    last = store.equals(LOCAL) ? last : store + ": " + result.summary();
                }
                case CommandResult.Signalled signalled -> last = store + ": " + result.summary();
                case CommandResult.TimedOut timedOut -> {
                    return not(Reason.StorePathNotFound, store + " did not answer: " + result.summary());
                }
                case CommandResult.Lost lost -> {
                    return not(Reason.ConnectionLost, result.summary());
                }
            }
        }
        return not(Reason.StorePathNotFound, toplevel + " is at none of its sources; " + last);
    }

    private static boolean holds(List<PathInfo> paths, StorePath wanted) {
        return paths.stream().anyMatch(info -> info.path().equals(wanted.toString()) && info.narSize() > 0);
    }

    long bytes() {
        return paths.stream().mapToLong(PathInfo::narSize).sum();
    }

    /** The first path that nobody who is trusted has signed. What lies in the installer's own store needs no signature. */
    Optional<Failed> unsigned(List<PublicKey> keys) {
        if (store.equals(LOCAL) || store.equals(RELAYED)) {
            return Optional.empty();
        }
        return paths.stream()
                .filter(info -> !info.contentAddressed() && keys.stream().noneMatch(key -> key.signed(info)))
                .findFirst()
                .map(info -> Failed.of(Reason.SignatureRejected, rejected(info, keys)));
    }

    private String rejected(PathInfo info, List<PublicKey> keys) {
        List<String> trusted = keys.stream().map(PublicKey::name).toList();
        List<String> present = info.signatures().stream()
                .map(signature -> signature.substring(0, Math.max(0, signature.indexOf(':'))))
                .toList();
        boolean sameName = present.stream().anyMatch(trusted::contains);
        return info.path() + " of " + store + " is signed by "
                + (present.isEmpty() ? "nobody" : String.join(", ", present))
                + (sameName ? ", but the signature does not fit the key of that name" : "") + "; trusted are "
                + String.join(", ", trusted) + " (spec.copy.trustedPublicKeys)";
    }

    /** Where it is for another kind of machine than this one. */
    Optional<Failed> foreign(StepContext context, Visit visit, StorePath toplevel) {
        return switch (platform(context, visit.host(), toplevel)) {
            case Answer.Is<Optional<String>, Failed>(Optional<String> told) ->
                told.flatMap(system -> foreign(system, visit.reading().get("architecture"), toplevel));
            case Answer.Not<Optional<String>, Failed>(Failed failure) -> Optional.of(failure);
        };
    }

    private static Optional<Failed> foreign(String system, String machine, StorePath toplevel) {
        boolean runs = system.equals(machine + "-linux") || (machine.equals("x86_64") && system.equals("i686-linux"));
        return runs
                ? Optional.empty()
                : Optional.of(Failed.of(
                        Reason.ArchitectureMismatch,
                        toplevel + " is for " + system + ", the machine is " + machine + "-linux"));
    }

    /** For which system it was made ({@code x86_64-linux}), where that can be told. */
    private Answer<Optional<String>, Failed> platform(StepContext context, RemoteHost host, StorePath toplevel) {
        Answer<Optional<String>, Failed> text = store.equals(RELAYED)
                ? new Relay(context).read(toplevel, SYSTEM)
                : Answer.is(
                        host.run(command(NixCommand.cat(store, toplevel, SYSTEM)))
                                                instanceof CommandResult.Exited exited
                                        && exited.code() == 0
                                ? Optional.of(exited.out())
                                : Optional.empty());
        return text.then(
                told -> Answer.is(told.map(String::strip).filter(system -> system.matches("[a-z0-9_]+-linux"))));
    }

    private static Command command(List<String> argv) {
        return Command.of(argv).withTimeout(PATIENCE).withMaxOutput(32 << 20);
    }

    private static Found.Not not(Reason reason, String message) {
        return new Found.Not(Failed.of(reason, message));
    }
}
