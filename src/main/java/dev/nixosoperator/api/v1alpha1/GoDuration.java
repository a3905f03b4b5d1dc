package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration as Go writes it, for example {@code 10m} or {@code 1h30m} (units h, m, s, ms); the form Flux uses for
 * intervals. Text that the schema would refuse counts as zero.
 */
public record GoDuration(@JsonValue String text) {
    /** What the schema accepts. */
    public static final String PATTERN = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$";

    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h)");
    private static final double LONGEST_SECONDS = Duration.ofDays(36500).toSeconds();

    @JsonCreator
    public static GoDuration of(String text) {
        return new GoDuration(text);
    }

    public Duration duration() {
        double seconds = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            seconds += Double.parseDouble(part.group(1)) * secondsOf(part.group(2));
        }
        return Duration.ofMillis(Math.round(Math.min(seconds, LONGEST_SECONDS) * 1000));
    }

    private static double secondsOf(String unit) {
        return switch (unit) {
            case "h" -> 3600;
            case "m" -> 60;
            case "ms" -> 0.001;
            default -> 1;
        };
    }
}
