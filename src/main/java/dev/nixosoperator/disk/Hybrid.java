package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** disko's {@code hybrid} of a GPT partition: it is shown in the MBR too, for firmware that reads nothing else. */
record Hybrid(@Nullable String mbrPartitionType, boolean mbrBootableFlag) {
    /** An MBR has four entries, and one of them protects the GPT. */
    static final int MAX = 3;

    private static final Option<String> TYPE_CODE = Option.optional(
            "mbrPartitionType",
            new Text(
                    "(0x)?(?!(00|0|[eE][eE])$)[0-9A-Fa-f]{1,2}",
                    4,
                    "a type of the MBR other than 00 and EE, such as 0x0c"),
            "Type in the MBR. Default: what sgdisk makes of the GPT's.");
    private static final Option<Boolean> BOOTABLE =
            Option.withDefault("mbrBootableFlag", Kinds.BOOL, false, "Whether it is marked active in the MBR.");

    static final NodeType<Hybrid> TYPE = NodeType.plain(
            "A partition that the MBR shows too.",
            List.of(TYPE_CODE, BOOTABLE),
            v -> new Hybrid(v.find(TYPE_CODE), v.get(BOOTABLE)));

    /** {@code 2:c:active}: number in the GPT, type as sfdisk prints it, flag. */
    String word(int number) {
        String type = mbrPartitionType == null
                ? "-"
                : Integer.toHexString(Integer.parseInt(mbrPartitionType.replaceFirst("^0x", ""), 16));
        return String.format(Locale.ROOT, "%d:%s:%s", number, type, mbrBootableFlag ? "active" : "-");
    }
}
