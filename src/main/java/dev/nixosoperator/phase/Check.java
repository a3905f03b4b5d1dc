package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One requirement of the coming steps, judged on what the machine said. Pure: it asks nothing more of the machine, and
 * says the same of the same facts, so that a report that did not change writes no status.
 *
 * @param name for people and status
 * @param applies to machines of this kind only
 */
record Check(String name, Predicate<Examination> applies, Function<Examination, Verdict> rule) {

    /** What a check comes to. */
    sealed interface Verdict {
        record Passed(String message) implements Verdict {}

        /** It may go wrong; nothing is stopped. */
        record Warning(String message) implements Verdict {}

        /** The installation stops before anything changes. */
        record Failed(Reason reason, String message) implements Verdict {}
    }

    static Check always(String name, Function<Examination, Verdict> rule) {
        return new Check(name, machine -> true, rule);
    }

    /** Only of a machine that shall be taken from its old system into the installer. */
    static Check beforeKexec(String name, Function<Examination, Verdict> rule) {
        return new Check(name, Examination::leavesByKexec, rule);
    }

    /** Of all that apply, in their order. */
    static List<PreflightFinding> report(List<Check> checks, Examination machine) {
        return checks.stream()
                .filter(check -> check.applies().test(machine))
                .map(check -> check.finding(machine))
                .toList();
    }

    private PreflightFinding finding(Examination machine) {
        return switch (rule.apply(machine)) {
            case Verdict.Passed passed -> PreflightFinding.passed(name, passed.message());
            case Verdict.Warning warning -> PreflightFinding.warning(name, warning.message());
            case Verdict.Failed failed -> PreflightFinding.failed(name, failed.reason(), failed.message());
        };
    }
}
