package dev.nixosoperator;

import io.javaoperatorsdk.operator.Operator;
import java.util.ArrayList;
import java.util.List;

/** What keeps the operator from seeing all that it should. */
final class Readiness {
    private Readiness() {}

    /** A line each; nothing: it is ready. A replica that is not the leader is ready, too. */
    static List<String> problems(Operator operator) {
        List<String> problems = new ArrayList<>();
        operator.getRuntimeInfo().unhealthyEventSources().forEach((controller, sources) -> sources.keySet()
                .forEach(source -> problems.add("%s: the watch of %s does not work".formatted(controller, source))));
        return problems;
    }
}
