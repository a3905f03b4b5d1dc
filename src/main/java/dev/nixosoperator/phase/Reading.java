package dev.nixosoperator.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.Situation.Running;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code situation.sh} and {@code facts.sh} printed: {@code KEY=VALUE} lines; an empty value counts as none. */
record Reading(Map<String, String> values) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Reading parse(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0 && equals < line.length() - 1) {
                values.putIfAbsent(
                        line.substring(0, equals), line.substring(equals + 1).strip());
            }
        });
        return new Reading(Map.copyOf(values));
    }

    @Nullable
    String find(String key) {
        return values.get(key);
    }

    String get(String key) {
        return values.getOrDefault(key, "");
    }

    boolean yes(String key) {
        return "yes".equals(values.get(key));
    }

    Optional<Long> number(String key) {
        String value = get(key);
        return value.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(value)) : Optional.empty();
    }

    /** The first of the keys that the machine did not tell. */
    Optional<String> missing(String... keys) {
        return Stream.of(keys).filter(key -> !values.containsKey(key)).findFirst();
    }

    /** @param operation the one under way on {@code machine}; null: none */
    Situation situation(MachineId machine, @Nullable String operation) {
        Marker here = marker("marker.disk");
        Marker counts = running() == Running.NIXOS && here != null
                ? here
                : Markers.thatCounts(machine, operation, markers()).orElse(null);
        return new Situation(
                running(),
                get("boot_id"),
                find("machine_id"),
                find("dmi_uuid"),
                marker("marker.run"),
                counts,
                yes("mounted") && counts != null && counts.equals(here),
                find("system.current"),
                find("system.booted"));
    }

    /** All that were found on disks, the one of what runs or is mounted under /mnt first. */
    List<Marker> markers() {
        return values.keySet().stream()
                .filter(key -> key.matches("marker\\.disk(\\.[0-9]+)?"))
                .sorted()
                .map(this::marker)
                .flatMap(Stream::ofNullable)
                .distinct()
                .toList();
    }

    private Running running() {
        boolean nixos = get("os.ID").equals("nixos")
                || List.of(get("os.ID_LIKE").split(" ")).contains("nixos");
        if (!nixos) {
            return Running.FOREIGN_LINUX;
        }
        return get("os.VARIANT_ID").equals("installer") ? Running.INSTALLER : Running.NIXOS;
    }

    /** A marker that cannot be read is none: it may be half a file of a machine that lost power. */
    private @Nullable Marker marker(String key) {
        try {
            Marker marker = JSON.readValue(values.getOrDefault(key, "null"), Marker.class);
            return marker == null || !complete(marker) ? null : marker;
        } catch (JsonProcessingException unreadable) {
            return null;
        }
    }

    private static boolean complete(Marker marker) {
        return Stream.of(
                        Optional.<Object>ofNullable(marker.uid()),
                        Optional.<Object>ofNullable(marker.namespace()),
                        Optional.<Object>ofNullable(marker.name()),
                        Optional.<Object>ofNullable(marker.operation()),
                        Optional.<Object>ofNullable(marker.planHash()),
                        Optional.<Object>ofNullable(marker.state()))
                .allMatch(Optional::isPresent);
    }

    Facts facts(List<Facts.Disk> disks) {
        String virtual = get("virtualization");
        return new Facts(
                find("os.PRETTY_NAME"),
                find("kernel.release"),
                find("architecture"),
                number("memory.total").orElse(null),
                virtual.isEmpty() || virtual.equals("none") ? null : virtual,
                running() == Running.INSTALLER,
                find("boot_mode"),
                disks);
    }
}
