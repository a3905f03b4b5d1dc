package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.nixosoperator.api.v1alpha1.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which tests make which reason happen, read from the tests' byte code: a test that expects a reason names it. A reason
 * that no test names fails the build.
 */
class ReasonTableTest {
    private static final Path TABLE = Path.of("docs/reasons.md");
    /** Shows how reasons look in status; it makes none of them happen. */
    private static final String SHOWS = ".StatusReportTest";

    private static final String HEAD =
            """
            # Reasons and the tests that make them happen

            Written by `ReasonTableTest` (`mvn test -Dtest=ReasonTableTest -Dupdate=true`), which fails when a reason has no test.
            Transient: tried again by itself; Permanent: until spec, Secret or machine change; Human: a person decides.

            | reason | kind | tests |
            |---|---|---|
            """;

    @Test
    void everyReasonHasATest() throws IOException {
        Map<String, Set<String>> tests = tests();
        assertThat(Stream.of(Reason.values()).map(Reason::name).filter(name -> !tests.containsKey(name)))
                .as("reasons without a test")
                .isEmpty();
        String table = HEAD
                + Stream.of(Reason.values())
                        .map(reason -> "| %s | %s | %s |%n"
                                .formatted(reason, reason.kind(), String.join("<br>", tests.get(reason.name()))))
                        .collect(Collectors.joining());
        if (Boolean.getBoolean("update")) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, table);
        }
        assertThat(TABLE).content().isEqualTo(table);
    }

    private static Map<String, Set<String>> tests() {
        Map<String, Set<String>> tests = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter().importPath(Path.of("target/test-classes"))) {
            if (!isTest(type)) {
                continue;
            }
            for (JavaAccess<?> access : type.getFieldAccessesFromSelf()) {
                if (access.getTargetOwner().isEquivalentTo(Reason.class)) {
                    tests.computeIfAbsent(access.getName(), reason -> new TreeSet<>())
                            .add(type.getSimpleName() + "."
                                    + method(access.getOrigin().getName()));
                }
            }
        }
        return tests;
    }

    private static boolean isTest(JavaClass type) {
        String name = type.getName().replaceFirst("\\$.*", "");
        return (name.endsWith("Test") || name.endsWith("IT")) && !name.endsWith(SHOWS);
    }

    /** A lambda belongs to the method that it stands in: {@code lambda$method$0}. */
    private static String method(String name) {
        return name.startsWith("lambda$") ? name.replaceFirst("lambda\\$(.*)\\$\\d+", "$1") : name;
    }
}
