package dev.nixosoperator.nix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code .narinfo} file, more strictly than Nix does: nothing twice, no line without its end, no URL that leads
 * out of the cache. Fields that nobody knows are passed over, as Nix does.
 *
 * @see <a href="https://nix.dev/manual/nix/latest/protocols/binary-cache/narinfo">the format</a>
 */
final class NarInfoText {
    /** Characters; a path with all of a system's 10,000 paths as its references has half of it. */
    static final int LIMIT = 1 << 20;

    private static final Set<String> KNOWN = Set.of(
            "StorePath",
            "URL",
            "Compression",
            "FileHash",
            "FileSize",
            "NarHash",
            "NarSize",
            "References",
            "Deriver",
            "Sig",
            "CA");
    private static final String NO_DERIVER = "Deriver: unknown-deriver";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern SIGNATURE = Pattern.compile("[^:\\s]+:[A-Za-z0-9+/]+={0,2}");
    private static final Pattern CONTENT_ADDRESS = Pattern.compile("(text|fixed(:r|:git)?):[a-z0-9]+:[0-9A-Za-z+/=]+");
    /** No segment begins with a dot, so none is the directory itself or the one above it; no escapes. */
    private static final Pattern URL = Pattern.compile(
            "[0-9A-Za-z+_=-][0-9A-Za-z+._=-]*(/[0-9A-Za-z+_=-][0-9A-Za-z+._=-]*)*(\\?[0-9A-Za-z+._=&-]*)?");

    /** What is wrong with a field. */
    enum Fault {
        MISSING,
        REPEATED,
        NOT_UNDERSTOOD,
        NO_LINE,
        TOO_LONG
    }

    /**
     * @param field its name; empty when the fault is not of one
     * @param found the text, cut to 100 characters
     */
    record Finding(Fault fault, String field, String found) {
        Finding {
            found = found.length() > 100 ? found.substring(0, 100) + "…" : found;
        }

        @Override
        public String toString() {
            return Stream.of(fault.name().toLowerCase(Locale.ROOT).replace('_', ' '), field, found)
                    .filter(part -> !part.isEmpty())
                    .reduce((a, b) -> a + ": " + b)
                    .orElseThrow();
        }
    }

    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private NarInfoText() {}

    static Answer<NarInfo, List<Finding>> parse(String text) {
        return new NarInfoText().read(text);
    }

    private Answer<NarInfo, List<Finding>> read(String text) {
        if (text.length() > LIMIT) {
            return Answer.not(List.of(new Finding(Fault.TOO_LONG, "", "more than " + LIMIT + " characters")));
        }
        lines(text);
        NarInfo info = info();
        return info == null || !findings.isEmpty() ? Answer.not(List.copyOf(findings)) : Answer.is(info);
    }

    private void lines(String text) {
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            String line = text.substring(start, end < 0 ? text.length() : end);
            int colon = line.indexOf(": ");
            if (colon < 1 || end < 0) {
                findings.add(new Finding(Fault.NO_LINE, "", line));
            } else if (KNOWN.contains(line.substring(0, colon)) && !line.equals(NO_DERIVER)) {
                fields.computeIfAbsent(line.substring(0, colon), any -> new ArrayList<>())
                        .add(line.substring(colon + 2));
            }
            start = end < 0 ? text.length() : end + 1;
        }
    }

    private @Nullable NarInfo info() {
        StorePath path = required("StorePath", StorePath::parse);
        String url = required("URL", matching(URL));
        Compression compression = required("Compression", Compression::parse);
        NixHash fileHash = optional("FileHash", NixHash::parse);
        Long fileSize = optional("FileSize", NarInfoText::number);
        NixHash narHash = required("NarHash", NixHash::parse);
        Long narSize = required("NarSize", NarInfoText::number);
        List<StorePath> references = required("References", NarInfoText::paths);
        StorePath deriver = optional("Deriver", NarInfoText::path);
        List<String> signatures = all("Sig", matching(SIGNATURE));
        String contentAddress = optional("CA", matching(CONTENT_ADDRESS));
        if (path == null
                || url == null
                || compression == null
                || narHash == null
                || narSize == null
                || references == null) {
            return null;
        }
        return new NarInfo(
                path,
                new NarInfo.File(url, compression, fileHash, fileSize),
                new NarInfo.Nar(narHash, narSize),
                references,
                deriver,
                signatures,
                contentAddress);
    }

    private <T> @Nullable T required(String field, Function<String, Optional<T>> reading) {
        if (!fields.containsKey(field)) {
            findings.add(new Finding(Fault.MISSING, field, ""));
        }
        return optional(field, reading);
    }

    private <T> @Nullable T optional(String field, Function<String, Optional<T>> reading) {
        List<T> values = all(field, reading);
        if (values.size() > 1) {
            findings.add(new Finding(Fault.REPEATED, field, ""));
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    private <T> List<T> all(String field, Function<String, Optional<T>> reading) {
        List<T> values = new ArrayList<>();
        for (String text : fields.getOrDefault(field, List.of())) {
            reading.apply(text)
                    .ifPresentOrElse(values::add, () -> findings.add(new Finding(Fault.NOT_UNDERSTOOD, field, text)));
        }
        return values;
    }

    private static Function<String, Optional<String>> matching(Pattern pattern) {
        return text -> pattern.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    private static Optional<Long> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static Optional<StorePath> path(String base) {
        return StorePath.parse("/nix/store/" + base);
    }

    private static Optional<List<StorePath>> paths(String text) {
        List<StorePath> paths = new ArrayList<>();
        for (String base : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            Optional<StorePath> path = path(base);
            if (path.isEmpty()) {
                return Optional.empty();
            }
            paths.add(path.get());
        }
        return Optional.of(paths);
    }
}
