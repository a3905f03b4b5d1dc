package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a try of a step ended. A failure that is expected is a value. */
public sealed interface StepOutcome {

    /** The step is done: seen on the machine. */
    record Done(Seen seen) implements StepOutcome {}

    /** The machine is not where the step needs it to be; {@code lifecycle} decides where to go on. */
    record Elsewhere(Seen seen) implements StepOutcome {}

    /**
     * The step failed.
     *
     * @param message what is the case and what helps, for people
     * @param log last lines of the work's log, for the event; without secrets
     */
    record Failed(Reason reason, String message, List<String> log, @Nullable Seen seen) implements StepOutcome {
        public static Failed of(Reason reason, String message) {
            return new Failed(reason, message, List.of(), null);
        }
    }

    /**
     * The work was stopped because it is no longer wanted.
     *
     * @param untouched whether this try looked at the machine and found that nothing of the step was ever begun there;
     *     one that was cancelled before it looked cannot know what an earlier one did
     */
    record Cancelled(boolean untouched) implements StepOutcome {}

    /**
     * What a try saw of the machine; parts that it did not look at are null.
     *
     * @param hostKey the host key that the machine presented, {@code type base64}
     * @param expectedHostKeys those that the installed system will present, known before the reboot
     * @param draft the plan as it is now, not yet approved
     * @param refused the host key that was shown and is not a known one
     * @param preflight what was found before anything changes; empty where that was not looked at
     * @param jumpHosts that were passed, with the keys that they showed
     * @param drift how the disks of an installed machine differ from its layout; null where that was not looked at
     * @param layout hash of the layout that an installed machine was brought to, beyond the one it was installed with
     * @param made what is known of a system that is built; null where it was not looked at
     */
    record Seen(
            @Nullable Situation situation,
            @Nullable Facts facts,
            @Nullable String hostKey,
            List<String> expectedHostKeys,
            @Nullable PlanDraft draft,
            Identity.@Nullable Presented refused,
            List<PreflightFinding> preflight,
            List<Identity.JumpHost> jumpHosts,
            @Nullable List<String> drift,
            @Nullable String layout,
            @Nullable Made made) {
        public static final Seen NOTHING = new Seen(null, null, null, List.of(), null);

        /** Over a connection that stood. */
        public Seen(
                @Nullable Situation situation,
                @Nullable Facts facts,
                @Nullable String hostKey,
                List<String> expectedHostKeys,
                @Nullable PlanDraft draft) {
            this(situation, facts, hostKey, expectedHostKeys, draft, null, List.of(), List.of(), null, null, null);
        }

        public static Seen of(Situation situation) {
            return new Seen(situation, null, null, List.of(), null);
        }

        public Seen withHostKey(@Nullable String key) {
            return new Seen(
                    situation, facts, key, expectedHostKeys, draft, refused, preflight, jumpHosts, drift, layout, made);
        }

        public Seen withDraft(PlanDraft plan) {
            return new Seen(
                    situation,
                    facts,
                    hostKey,
                    expectedHostKeys,
                    plan,
                    refused,
                    preflight,
                    jumpHosts,
                    drift,
                    layout,
                    made);
        }

        public Seen withPreflight(List<PreflightFinding> report) {
            return new Seen(
                    situation,
                    facts,
                    hostKey,
                    expectedHostKeys,
                    draft,
                    refused,
                    report,
                    jumpHosts,
                    drift,
                    layout,
                    made);
        }

        public Seen withJumpHosts(List<Identity.JumpHost> passed) {
            return new Seen(
                    situation,
                    facts,
                    hostKey,
                    expectedHostKeys,
                    draft,
                    refused,
                    preflight,
                    passed,
                    drift,
                    layout,
                    made);
        }

        public Seen withDrift(@Nullable List<String> differences) {
            return new Seen(
                    situation,
                    facts,
                    hostKey,
                    expectedHostKeys,
                    draft,
                    refused,
                    preflight,
                    jumpHosts,
                    differences,
                    layout,
                    made);
        }

        public Seen withLayout(String hash) {
            return new Seen(
                    situation,
                    facts,
                    hostKey,
                    expectedHostKeys,
                    draft,
                    refused,
                    preflight,
                    jumpHosts,
                    drift,
                    hash,
                    made);
        }

        public Seen withMade(Made system) {
            return new Seen(
                    situation,
                    facts,
                    hostKey,
                    expectedHostKeys,
                    draft,
                    refused,
                    preflight,
                    jumpHosts,
                    drift,
                    layout,
                    system);
        }

        /** All that came of a connection is that this key was refused. */
        public static Seen refused(Identity.Presented key) {
            return new Seen(null, null, null, List.of(), null, key, List.of(), List.of(), null, null, null);
        }
    }

    /**
     * A system that is built.
     *
     * @param from with the revision that it is, or will be, built from
     * @param toplevel null until it is built
     */
    record Made(FlakeSource from, @Nullable String toplevel) {}

    /**
     * A plan as a step worked it out.
     *
     * @param hash of {@code disk.Plan}; see {@link PlanHash} for what a person approves
     * @param need who must approve
     */
    record PlanDraft(
            String hash, MachinePlan.ApprovalNeed need, List<MachinePlan.PlannedDisk> disks, List<String> warnings) {}

    /** Progress of a running try. */
    record Progress(Step step, @Nullable Integer percent, @Nullable Long bytes, String message) {}
}
