package dev.nixosoperator.disk;

import dev.nixosoperator.hash.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** GPT partition names: at most 36 UTF-16 units, here printable ASCII. */
final class Labels {
    static final int MAX = 36;
    /** sgdisk ends a name at ':', and '/' would need a directory below by-partlabel. */
    private static final Pattern ALLOWED = Pattern.compile("(?! )[ -~&&[^/:]]{1,36}(?<! )");

    private Labels() {}

    /** disko's default: as it is, or the first 36 hex digits of its SHA-256 when longer. Length in bytes, as Nix counts. */
    static String byDefault(String wanted) {
        return wanted.getBytes(StandardCharsets.UTF_8).length <= MAX
                ? wanted
                : Sha256.hex(wanted).substring(0, MAX);
    }

    static void check(String label, At at, Findings findings) {
        if (!ALLOWED.matcher(label).matches()) {
            findings.add(
                    at,
                    "found " + Findings.shown(label)
                            + "; allowed: 1 to 36 printable ASCII characters without '/' and ':', no blank at the ends");
        }
    }

    /** The name of the link below /dev/disk/by-partlabel: what systemd's encode_devnode_name makes of it (lower-case hex, unlike disko). */
    static String encoded(String label) {
        var link = new StringBuilder();
        for (byte b : label.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "#+-.:=@_".indexOf(c) >= 0);
            link.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\x%02x", (int) c));
        }
        return link.toString();
    }
}
