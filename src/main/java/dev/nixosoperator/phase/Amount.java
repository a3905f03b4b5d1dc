package dev.nixosoperator.phase;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sizes as the API writes them: {@code 400G} (powers of ten), {@code 400Gi} (of two). */
final class Amount {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,3})?)([KMGTP]?)(i?)");
    private static final String UNITS = "KMGTP";

    private Amount() {}

    /** Null for null, and for what the schema does not let pass; what a long does not hold is the most that it does. */
    static @Nullable Long bytes(@Nullable String text) {
        Matcher matcher = SIZE.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            return null;
        }
        int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
        BigDecimal unit =
                BigDecimal.valueOf(matcher.group(3).isEmpty() ? 1000 : 1024).pow(power);
        return new BigDecimal(matcher.group(1))
                .multiply(unit)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }
}
