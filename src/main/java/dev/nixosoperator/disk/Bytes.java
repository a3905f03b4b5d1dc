package dev.nixosoperator.disk;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts in bytes as Kubernetes writes them: {@code 500G} counts in 1000, {@code 500Gi} in 1024, as disks are sold and as memory is. */
public final class Bytes {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)([kKMGTPE]?)(i?)B?");
    private static final String UNITS = "KMGTPE";

    private Bytes() {}

    /** Bytes, rounded down; null when the text is no amount or more than a long holds. */
    public static @Nullable Long parse(String text) {
        Matcher m = QUANTITY.matcher(text.strip());
        if (!m.matches() || (m.group(2).isEmpty() && !m.group(3).isEmpty())) {
            return null;
        }
        int power = m.group(2).isEmpty() ? 0 : UNITS.indexOf(m.group(2).toUpperCase(Locale.ROOT)) + 1;
        BigDecimal unit = BigDecimal.valueOf(m.group(3).isEmpty() ? 1000 : 1024).pow(power);
        BigDecimal bytes = new BigDecimal(m.group(1)).multiply(unit).setScale(0, RoundingMode.DOWN);
        return bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? null : bytes.longValueExact();
    }

    /** For people, in the units disks are sold by: {@code 500.1 GB}. */
    public static String human(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        int power = 0;
        double value = bytes;
        while (value >= 999.95 && power < UNITS.length()) {
            value /= 1000;
            power++;
        }
        return String.format(Locale.ROOT, "%.1f %sB", value, power == 1 ? "k" : UNITS.substring(power - 1, power));
    }
}
