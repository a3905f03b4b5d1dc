package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.Text;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place on a disk as parted reads it: {@code 1MiB}, {@code 50%}, {@code -10GiB} before the end. {@code M} and {@code MB} count in 1000,
 * {@code MiB} in 1024; a number alone means MB.
 */
record PartedPosition(boolean fromEnd, BigDecimal number, String unit) {
    static final Text KIND = new Text(
            "-?[0-9]{1,15}(\\.[0-9]{1,3})?(%|s|B|[kKMGT](B|iB)?)?",
            24, "a number with s, B, kB, MB, GB, TB, KiB, MiB, GiB, TiB or % behind it (1MiB, 50%, -10GiB)");

    private static final Pattern PARTS = Pattern.compile("(-?)([0-9.]+)(.*)");
    private static final long SECTOR = 512;
    private static final Map<String, Integer> POWERS = Map.of("k", 1, "K", 1, "M", 2, "G", 3, "T", 4);

    /** Only of a text that {@link #KIND} has read. */
    static PartedPosition of(String text) {
        Matcher m = PARTS.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("not a position: " + text);
        }
        return new PartedPosition(!m.group(1).isEmpty(), new BigDecimal(m.group(2)), m.group(3));
    }

    /** Bytes from the beginning of a device. */
    long bytes(long device) {
        BigDecimal total = BigDecimal.valueOf(device);
        BigDecimal bytes = unit.equals("%")
                ? total.multiply(number).divide(BigDecimal.valueOf(100), RoundingMode.DOWN)
                : number.multiply(BigDecimal.valueOf(unitBytes()));
        BigDecimal place = fromEnd ? total.subtract(bytes) : bytes;
        return place.max(BigDecimal.ZERO)
                .min(total)
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }

    private long unitBytes() {
        return switch (unit) {
            case "s" -> SECTOR;
            case "B" -> 1;
            case "" -> 1_000_000;
            default -> {
                long base = unit.endsWith("iB") ? 1024 : 1000;
                yield BigDecimal.valueOf(base)
                        .pow(POWERS.getOrDefault(unit.substring(0, 1), 0))
                        .longValueExact();
            }
        };
    }
}
