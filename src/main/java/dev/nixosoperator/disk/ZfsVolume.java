package dev.nixosoperator.disk;

import dev.nixosoperator.disk.ContentKind.Place;
import dev.nixosoperator.disk.Kinds.Text;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code zfs_volume}: a block device in a pool.
 *
 * @param givenName null = the key
 */
record ZfsVolume(
        @Nullable String givenName,
        String size,
        Map<String, String> options,
        List<String> extraArgs,
        @Nullable Content content,
        Hooks hooks)
        implements Dataset {

    private static final Option<String> SIZE = Option.required(
            "size",
            new Text("[0-9]{1,12}(\\.[0-9]{1,6})?[kKmMgGtTpP]?[bB]?", 24, "a size as zfs reads it (10G)"),
            "Size; units count in 1024, no unit means bytes.");
    private static final Option<List<String>> EXTRA_ARGS = Option.withDefault(
            "extraArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of zfs create, each element one of them.");
    private static final Option<Content> CONTENT =
            Option.optional("content", new ContentKind(Place.PARTITION), "What is on it; absent = left raw.");

    static final NodeType<ZfsVolume> TYPE = NodeType.content(
            "zfs_volume",
            "A block device in a pool of ZFS.",
            List.of(NAME, SIZE, OPTIONS, EXTRA_ARGS, MOUNT_OPTIONS, CONTENT),
            v -> new ZfsVolume(
                    v.find(NAME), v.get(SIZE), v.get(OPTIONS), v.get(EXTRA_ARGS), v.find(CONTENT), Hooks.of(v)));

    @Override
    public void check(On on, Findings findings) {
        Dataset.super.check(on, findings);
        Words.noDevices(EXTRA_ARGS, extraArgs, on.at(), findings);
    }

    /** Of its size. */
    private long bytes() {
        String number = size.replaceAll("[A-Za-z]", "");
        String unit = size.substring(number.length()).toLowerCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : "kmgtp".indexOf(unit.charAt(0)) + 1;
        return new BigDecimal(number)
                .multiply(BigDecimal.valueOf(1024).pow(power))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    @Override
    public Stream<Tree> children(On on) {
        return content == null
                ? Stream.empty()
                : Stream.of(new Tree(
                        new On(on.at().child(CONTENT.name()), on.ref(), on.ref(), on.title(), on.owner()), content));
    }

    /** Its size, and what is on it. */
    void seen(On on, Spot there, Differences differences) {
        Drift.size(on.at(), bytes(), there.size(), Drift.SLACK, differences);
        children(on).forEach(inside -> Drift.content(inside, there, differences));
    }

    @Override
    public Stream<Step> create(On on) {
        return Stream.of(make(
                on,
                Command.of("make_volume", Dataset.of(on), size, Long.toString(bytes()))
                        .with(Dataset.words(options))
                        .with(List.of("--"))
                        .with(extraArgs)));
    }

    @Override
    public String describe() {
        return "volume of " + size + ": " + (content == null ? "raw" : content.describe());
    }

    @Override
    public long bytesFor(Content child, long mine) {
        return Math.min(mine, bytes());
    }

    @Override
    public Stream<String> leavesRaw(On on) {
        return content == null ? Stream.of(on.path()) : Stream.empty();
    }
}
