package dev.nixosoperator.lifecycle;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Switches each guard of {@code switched-off-guards.yaml} off in a copy of the code; its test must turn red. */
class SwitchedOffGuardsIT {
    private static final String BASE = "dev.nixosoperator.";
    private static final Path SOURCES = Path.of("src/main/java/dev/nixosoperator");
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path TESTS = Path.of("target/test-classes");

    record Guard(String guard, String file, String code, String instead, String red) {
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

    @ParameterizedTest
    @MethodSource("guards")
    void isMissed(Guard guard, @TempDir Path without) throws Exception {
        compileWithout(guard, without);
        String[] red = guard.red().split("#", 2);
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {url(without), url(CLASSES), url(TESTS)},
                new OnlyOthers(getClass().getClassLoader()))) {
            Class<?> test = loader.loadClass(BASE + red[0]);
            assertThat(failures(test, red[1], loader))
                    .as("with the guard off, %s must fail", guard.red())
                    .isPositive();
        }
    }

    private static long failures(Class<?> test, String method, ClassLoader loader) {
        java.lang.reflect.Method chosen = Stream.of(test.getDeclaredMethods())
                .filter(m -> m.getName().equals(method))
                .findFirst()
                .orElseThrow();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(test, chosen))
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            LauncherFactory.create().execute(request, summary);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(summary.getSummary().getTestsFoundCount()).isPositive();
        return summary.getSummary().getTestsFailedCount();
    }

    private static void compileWithout(Guard guard, Path to) throws IOException {
        Path source = SOURCES.resolve(guard.file());
        String code = Files.readString(source);
        assertThat(code.split(java.util.regex.Pattern.quote(guard.code()), -1))
                .as("%s must stand in %s once", guard.code(), guard.file())
                .hasSize(2);
        Path copy = Files.createDirectories(to.resolve("src")).resolve(source.getFileName());
        Files.writeString(copy, code.replace(guard.code(), guard.instead()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-cp", CLASSES + ":" + System.getProperty("java.class.path"), "-d", to.toString());
            assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(copy))
                            .call())
                    .isTrue();
        }
    }

    private static URL url(Path directory) throws MalformedURLException {
        return directory.toUri().toURL();
    }

    /** Everything but our own classes, so that those are loaded anew with the guard off. */
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
    }
}
