package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages about the troubles of users and the faults of disko name tests as their proof: they must be there. */
class TroublesTest {
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT)\\.\\w+)`");

    @ParameterizedTest
    @ValueSource(strings = {"docs/troubles.md", "docs/disko-faults.md"})
    void everyTestThatThePageNamesExists(Path page) throws IOException {
        List<String> named = NAMED.matcher(Files.readString(page))
                .results()
                .map(MatchResult::group)
                .map(name -> name.replace("`", ""))
                .toList();
        assertThat(named).isNotEmpty();
        assertThat(tests()).containsAll(named);
    }

    private static Set<String> tests() {
        return new ClassFileImporter()
                .importPath(Path.of("target/test-classes")).stream()
                        .flatMap(type -> type.getMethods().stream().map(method -> name(type) + "." + method.getName()))
                        .collect(Collectors.toSet());
    }

    /** Of the file that the test stands in. */
    private static String name(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "").replaceFirst(".*\\.", "");
    }
}
