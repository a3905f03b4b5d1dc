package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Course;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.MachineKey;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Stdin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The operator's own key on a machine. Kexec carries over authorized keys, but neither passwords nor authorities of
 * certificates: whoever logs in with those needs a key for the installer.
 */
public final class OwnKey {
    private static final Script AUTHORIZE = Script.load("authorize-key.sh");
    private static final String ROOT = "root";
    private static final String OTHERWISE =
            "; or give a key that the installer knows in" + " spec.connection.installer.credentialsSecretRef";

    private OwnKey() {}

    /** Whether an installation of this machine needs such a key. */
    public static boolean isWanted(NixosMachineSpec spec, Login initial) {
        return !initial.isPlainKey() && mayServe(spec) && Course.of(spec).has(Step.Kexec);
    }

    /** Whether one that was made is what gets into the installer: unless the spec says what does. */
    public static boolean mayServe(NixosMachineSpec spec) {
        Connection.Installer installer = spec.connection().installer();
        return installer == null || installer.credentialsSecretRef() == null;
    }

    /** Before the machine leaves for the installer: the key is let in, which a login proves. Empty: so it is. */
    static Optional<Failed> authorized(StepContext context, Visit visit) {
        MachineKey key = context.inputs().machineKey();
        if (key == null) {
            return isWanted(context.spec(), context.inputs().initial().login())
                    ? failed(visit, Reason.SecretNotFound, "the operator's own key for the installer is not there")
                    : Optional.empty();
        }
        CommandResult added = run(visit, "add", key, List.of(ROOT, user(context, visit.role())));
        if (!added.ok()) {
            return failed(
                    visit,
                    added.ended() ? Reason.AuthenticationFailed : Reason.ConnectionLost,
                    "after kexec only keys work, but the operator cannot add one of its own: " + added.summary()
                            + OTHERWISE);
        }
        return refusal(context, visit, key);
    }

    private static Optional<Failed> refusal(StepContext context, Visit visit, MachineKey key) {
        Access.Denied denied = context.access().refusal(context, visit.role(), Login.of(key.privateKey()));
        if (denied == null) {
            return Optional.empty();
        }
        return denied.reason() == Reason.AuthenticationFailed
                ? failed(
                        visit,
                        denied.reason(),
                        "after kexec only keys work, but the machine does not accept the one that was added for it: "
                                + denied.message() + OTHERWISE)
                : Optional.of(Visits.failure(context, visit.role(), denied, List.of()));
    }

    /**
     * In an installer that somebody booted: root is let in with what its user may log in with, so that the coming steps
     * need no sudo. Where that cannot be they go on as that user.
     */
    static void letRootIn(StepContext context, Visit visit) {
        MachineKey key = context.inputs().machineKey();
        String user = user(context, Role.INITIAL);
        boolean mayHelp = visit.role() == Role.INITIAL && (key != null || !user.equals(ROOT));
        if (!mayHelp || !isRootRefused(context)) {
            return;
        }
        if (!user.equals(ROOT)) {
            visit.host().run(Command.script(AUTHORIZE, "copy", user, ROOT));
        }
        if (key != null) {
            run(visit, "add", key, List.of(ROOT));
        }
        String proof = isRootRefused(context)
                ? "root is not let into the installer; goes on as " + user
                : "root is let into the installer";
        new Says(context, Step.Kexec).message(proof);
    }

    private static boolean isRootRefused(StepContext context) {
        return context.access().open(context, Role.INSTALLER) instanceof Access.Denied denied
                && denied.reason() == Reason.AuthenticationFailed;
    }

    /** Once the installed system is proven nothing of the key stays. Empty: so it is. */
    static Optional<Failed> withdrawn(StepContext context, Visit visit) {
        MachineKey key = context.inputs().machineKey();
        if (key == null) {
            return Optional.empty();
        }
        List<String> users = Stream.of(ROOT, user(context, Role.INITIAL), user(context, Role.INSTALLED))
                .distinct()
                .toList();
        CommandResult removed = run(visit, "remove", key, users);
        return removed.ok()
                ? Optional.empty()
                : failed(
                        visit,
                        removed.ended() ? Reason.FilesFailed : Reason.ConnectionLost,
                        "the operator's own key cannot be removed from the installed system: " + removed.summary());
    }

    private static CommandResult run(Visit visit, String verb, MachineKey key, List<String> users) {
        byte[] line = key.publicKey().getBytes(StandardCharsets.UTF_8);
        List<String> args = new ArrayList<>(List.of(verb, Integer.toString(line.length)));
        args.addAll(users.stream().distinct().toList());
        return visit.host().run(Command.script(AUTHORIZE, args).withStdin(Stdin.of(line)));
    }

    private static String user(StepContext context, Role role) {
        return MachineAccess.endpoint(context.spec().connection(), role).user();
    }

    private static Optional<Failed> failed(Visit visit, Reason reason, String message) {
        return Optional.of(new Failed(reason, message, List.of(), visit.seen()));
    }
}
