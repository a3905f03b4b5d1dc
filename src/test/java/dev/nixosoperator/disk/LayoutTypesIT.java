package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every layout of {@code layout-cycle/} goes through its whole life on loop devices: made, mounted and released, each twice, made again with a file
 * on it that survives. A file says in comments which programs it {@code needs} and what is {@code mounted}. {@code -Dlayout=NAME} runs one.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(LoopDisks.LOCK)
class LayoutTypesIT {
    private static final Path CASES = Path.of("src/test/resources/layout-cycle");

    @TempDir
    Path dir;

    static List<Path> cases() throws IOException {
        try (Stream<Path> all = Files.list(CASES)) {
            String wanted = System.getProperty("layout", "");
            return all.filter(f -> f.toString().endsWith(wanted + ".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void livesItsWholeLife(Path file) throws Exception {
        String yaml = Files.readString(file);
        List<String> tools = new ArrayList<>(List.of("losetup", "sgdisk", "partx", "unshare"));
        said(yaml, "needs").forEach(line -> tools.addAll(List.of(line.split(" "))));
        int count = (int)
                Stream.of("DISK1", "DISK2", "DISK3").filter(yaml::contains).count();
        List<String> wanted = new ArrayList<>(
                List.of("destroy 0", "format 0", "format 0", "formatted again: same", "mount 0", "mount 0"));
        wanted.addAll(List.of("mounted again: same", "format 0", "formatted while mounted: same", "unmount 0"));
        wanted.addAll(List.of("unmount 0", "look 0", "unmount 0", "format 0", "mount 0", "mounted after all: same"));
        said(yaml, "mounted").forEach(line -> wanted.add("mounted " + line));
        wanted.add("destroy 0");
        try (var disks = new LoopDisks(dir, count, 512L << 20, tools)) {
            disks.write(yaml);
            assertThat(disks.cycle()).containsExactlyElementsOf(wanted);
        }
    }

    private static List<String> said(String yaml, String word) {
        String begin = "# " + word + " ";
        return yaml.lines()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length()))
                .toList();
    }
}
