package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a disk by what it is. All criteria given must match.
 *
 * @param minSize bytes, inclusive
 * @param maxSize bytes, inclusive
 */
public record Selector(@Nullable String serial, @Nullable String wwn, @Nullable Long minSize, @Nullable Long maxSize) {
    private static final Text AMOUNT =
            new Text("[0-9]{1,18}(\\.[0-9]{1,9})?[kKMGTPE]?i?B?", 32, "an amount such as 500G, 1.8T or 465Gi");

    private static final Option<String> SERIAL =
            Option.optional("serial", Kinds.ARGUMENT, "Serial number of the disk.");
    private static final Option<String> WWN = Option.optional("wwn", Kinds.ARGUMENT, "World wide name of the disk.");
    private static final Option<String> MIN =
            Option.optional("minSize", AMOUNT, "At least so many bytes (500G, 465Gi).");
    private static final Option<String> MAX =
            Option.optional("maxSize", AMOUNT, "At most so many bytes (500G, 465Gi).");

    static final NodeType<Selector> TYPE = NodeType.plain(
            "Chooses the disk by what it is; exactly one disk of the machine must match.",
            List.of(SERIAL, WWN, MIN, MAX),
            v -> new Selector(v.find(SERIAL), v.find(WWN), amount(v.find(MIN)), amount(v.find(MAX))));

    private static @Nullable Long amount(@Nullable String text) {
        return text == null ? null : Bytes.parse(text);
    }

    /** Nothing is asked for: such a selector matches no disk. */
    public boolean isEmpty() {
        return serial == null && wwn == null && minSize == null && maxSize == null;
    }

    boolean matches(BlockDevice disk) {
        return !isEmpty()
                && (serial == null || Identity.serial(serial).equals(Identity.serial(disk.serial())))
                && (wwn == null || Identity.wwn(wwn).equals(Identity.wwn(disk.wwn())))
                && (minSize == null || disk.size() >= minSize)
                && (maxSize == null || disk.size() <= maxSize);
    }

    @Override
    public String toString() {
        return Stream.of(
                        serial == null ? "" : "serial " + serial,
                        wwn == null ? "" : "wwn " + wwn,
                        minSize == null ? "" : "at least " + Bytes.human(minSize),
                        maxSize == null ? "" : "at most " + Bytes.human(maxSize))
                .filter(s -> !s.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
