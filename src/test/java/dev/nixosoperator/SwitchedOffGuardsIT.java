package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Switches each guard of {@code switched-off-guards.yaml} off in a copy of the one file it stands in, a class or a script
 * for machines; its test must turn red, and be green with the guard on.
 */
class SwitchedOffGuardsIT {
    private static final String BASE = "dev.nixosoperator.";
    private static final String HERE = "dev/nixosoperator/";
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path TESTS = Path.of("target/test-classes");

    /**
     * @param file below {@code dev/nixosoperator}, of the sources or the resources
     * @param code stands once in the file
     * @param red test that must fail, {@code package.Class#method}
     * @param row of a table of cases: the name of the one that must fail contains this; null: any
     */
    record Guard(String guard, String file, String code, String instead, String red, @Nullable String row) {
        boolean isJava() {
            return file.endsWith(".java");
        }

        String source() throws IOException {
            return Files.readString(Path.of(isJava() ? "src/main/java" : "src/main/resources", HERE + file));
        }

        @Override
        public String toString() {
            return guard;
        }
    }

    static Stream<Guard> guards() throws IOException {
        try (InputStream list = SwitchedOffGuardsIT.class.getResourceAsStream("switched-off-guards.yaml")) {
            return new YAMLMapper()
                    .readValue(Objects.requireNonNull(list), new TypeReference<List<Guard>>() {}).stream();
        }
    }

    static Stream<String> tests() throws IOException {
        return guards().map(Guard::red).distinct();
    }

    @ParameterizedTest
    @MethodSource("guards")
    void isMissed(Guard guard, @TempDir Path without) throws Exception {
        switchOff(guard, without);
        String row = Objects.requireNonNullElse(guard.row(), "");
        assertThat(failures(guard.red(), without))
                .as("with the guard off, %s must fail", guard.red())
                .anySatisfy(failed -> assertThat(failed).contains(row));
    }

    /** Or its failure above would say nothing. */
    @ParameterizedTest
    @MethodSource("tests")
    void isGreenWithTheGuardOn(String test, @TempDir Path nothing) throws Exception {
        assertThat(failures(test, nothing)).isEmpty();
    }

    /** The names of the cases that failed, with what they say. */
    private static List<String> failures(String test, Path first) throws Exception {
        String[] name = test.split("#", 2);
        ClassLoader ours = SwitchedOffGuardsIT.class.getClassLoader();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {url(first), url(CLASSES), url(TESTS)}, new OnlyOthers(ours))) {
            Thread.currentThread().setContextClassLoader(loader);
            return failures(loader.loadClass(BASE + name[0]), name[1]);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static List<String> failures(Class<?> test, String method) {
        java.lang.reflect.Method chosen = Stream.of(test.getDeclaredMethods())
                .filter(m -> m.getName().equals(method))
                .findFirst()
                .orElseThrow();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(test, chosen))
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        assertThat(summary.getTestsStartedCount()).isPositive();
        return summary.getFailures().stream()
                .map(failure -> failure.getTestIdentifier().getDisplayName() + ": " + failure.getException())
                .toList();
    }

    private static void switchOff(Guard guard, Path to) throws IOException {
        Path copy = to.resolve(guard.isJava() ? "src" : "", HERE + guard.file());
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.writeString(copy, guard.source().replace(guard.code(), guard.instead()));
        if (guard.isJava()) {
            compile(copy, to);
        }
    }

    private static void compile(Path source, Path to) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-cp", CLASSES + ":" + System.getProperty("java.class.path"), "-d", to.toString());
            assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source))
                            .call())
                    .isTrue();
        }
    }

    private static URL url(Path directory) throws MalformedURLException {
        return directory.toUri().toURL();
    }

    /** Everything but what is ours, so that this is loaded anew with the guard off. */
    private static final class OnlyOthers extends ClassLoader {
        OnlyOthers(ClassLoader all) {
            super(all);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(BASE)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @Override
        public @Nullable URL getResource(String name) {
            return name.startsWith(HERE) ? null : super.getResource(name);
        }
    }
}
