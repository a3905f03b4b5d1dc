package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several markers on the disks of one machine, web-1, on which op-1 is under way. */
class MarkersTest {
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    none                                      | -                                                 | -
                    a foreign one after ours                  | web-1 op-0 INSTALLED, db-1 op-9 INSTALLED         | db-1 op-9 INSTALLED
                    a foreign one before ours                 | db-1 op-9 FORMAT_DONE, web-1 op-0 INSTALLED       | db-1 op-9 FORMAT_DONE
                    the first of two foreign ones             | web-1 op-0 INSTALLED, db-1 op-9 INSTALLED, db-2 op-8 INSTALLED | db-1 op-9 INSTALLED
                    the format of this operation is finished  | db-1 op-9 INSTALLED, web-1 op-1 FORMAT_DONE       | web-1 op-1 FORMAT_DONE
                    the format of this operation was begun    | web-1 op-1 FORMAT_STARTED, db-1 op-9 INSTALLED    | db-1 op-9 INSTALLED
                    another says that it is this operation    | web-1 op-0 INSTALLED, db-1 op-1 INSTALLED         | db-1 op-1 INSTALLED
                    ours, of this operation and an older one  | web-1 op-0 INSTALLED, web-1 op-1 FORMAT_STARTED   | web-1 op-1 FORMAT_STARTED
                    ours, begun and installed                 | web-1 op-0 FORMAT_DONE, web-1 op-2 INSTALLED      | web-1 op-2 INSTALLED
                    ours, the first                           | web-1 op-0 FORMAT_DONE, web-1 op-2 FORMAT_DONE    | web-1 op-0 FORMAT_DONE
                    """)
    void oneCounts(
            String name,
            @org.jspecify.annotations.Nullable String found,
            @org.jspecify.annotations.Nullable String counts) {
        List<Marker> markers = found == null
                ? List.of()
                : Stream.of(found.split(", ", -1)).map(MarkersTest::marker).toList();
        assertThat(Markers.thatCounts(TestMachine.ID, "op-1", markers).map(MarkersTest::told))
                .isEqualTo(java.util.Optional.ofNullable(counts));
    }

    private static Marker marker(String told) {
        String[] is = told.split(" ", -1);
        return new Marker(
                is[0].equals("web-1") ? TestMachine.ID.uid() : "uid of " + is[0],
                "default",
                is[0],
                is[1],
                "p",
                null,
                null,
                null,
                Marker.State.valueOf(is[2]),
                null,
                null,
                "2026-01-01T00:00:00Z");
    }

    private static String told(Marker marker) {
        return marker.name() + " " + marker.operation() + " " + marker.state();
    }

    /** What runs is what the machine is; another disk says nothing of that. In the installer nothing runs from a disk. */
    @ParameterizedTest
    @CsvSource({
        "'',        no,  web-1 op-0 INSTALLED, false",
        "installer, no,  db-1 op-9 INSTALLED,  false",
        "installer, yes, db-1 op-9 INSTALLED,  false"
    })
    void whatRunsCountsMoreThanWhatLiesThere(String variant, String atMnt, String counts, boolean mounted) {
        Map<String, String> said = new TreeMap<>(Map.of("os.ID", "nixos", "os.VARIANT_ID", variant, "mounted", atMnt));
        said.put("marker.disk", Markers.json(marker("web-1 op-0 INSTALLED")));
        said.put("marker.disk.1", Markers.json(marker("db-1 op-9 INSTALLED")));
        Situation seen = new Reading(said).situation(TestMachine.ID, "op-1");
        assertThat(seen.diskMarker()).isNotNull().satisfies(marker -> assertThat(told(marker))
                .isEqualTo(counts));
        assertThat(seen.mounted()).isEqualTo(mounted);
    }
}
