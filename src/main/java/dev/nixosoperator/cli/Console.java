package dev.nixosoperator.cli;

import dev.nixosoperator.disk.Finding;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command speaks: results go to standard output, mistakes to standard error. Each answer is the exit code. */
record Console(PrintWriter out, PrintWriter err) {
    static Console of(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets it before a command is called");
        }
        return new Console(spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    int done(String text) {
        out.print(text);
        out.flush();
        return 0;
    }

    int refused(List<Mistake> mistakes) {
        mistakes.forEach(err::println);
        err.flush();
        return 1;
    }

    int refused(Path file, List<Finding> findings) {
        return refused(findings.stream()
                .map(finding -> new Mistake(file.toString(), finding))
                .toList());
    }

    int refused(Path file, String message) {
        return refused(file, List.of(new Finding("", message)));
    }
}
