package dev.nixosoperator.disk;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole disk as it was inspected.
 *
 * @param kernelName such as {@code vda}; changes between boots
 * @param path such as {@code /dev/vda}
 * @param size bytes
 * @param hardware what it is
 * @param signatures on the disk itself, partition tables included
 * @param tableUuid of the partition table, if any
 * @param blank true only if a probe as root found nothing and the first and last MiB could be read and are zero
 * @param readOnly the kernel refuses writes
 * @param mounts where the disk itself is mounted, {@code [SWAP]} for swap
 * @param holders what is built on the disk itself
 * @param links names below /dev/disk that lead to it
 * @param volumeGroup LVM group of the whole disk, if known
 */
public record BlockDevice(
        String kernelName,
        String path,
        @Nullable String serial,
        @Nullable String wwn,
        long size,
        Hardware hardware,
        List<Signature> signatures,
        @Nullable String tableUuid,
        boolean blank,
        boolean readOnly,
        List<PartitionSeen> partitions,
        List<String> mounts,
        List<Holder> holders,
        List<String> links,
        @Nullable String volumeGroup) {

    /**
     * A partition as it was inspected.
     *
     * @param number as the kernel counts; 0 when the name does not say
     * @param start bytes from the start of the disk; null = not told
     * @param size bytes
     */
    public record PartitionSeen(
            String kernelName,
            String path,
            int number,
            @Nullable Long start,
            long size,
            PartitionEntry entry,
            List<Signature> signatures,
            List<String> mounts,
            List<Holder> holders,
            List<String> links,
            @Nullable String volumeGroup) {}

    /**
     * A device built on a disk or partition: dm-crypt, LVM, md, multipath.
     *
     * @param type as lsblk names it: crypt, lvm, raid1, mpath
     * @param size bytes
     * @param signatures as udev remembers them; only of an installed machine
     */
    public record Holder(
            String kernelName, String name, String type, long size, List<Signature> signatures, List<String> mounts) {}

    public @Nullable String model() {
        return hardware.model();
    }

    /** Nothing is on it that anybody could miss: see {@code blank}; also no partitions and nothing built on it. */
    public boolean empty() {
        return blank && signatures.isEmpty() && partitions.isEmpty() && holders.isEmpty() && mounts.isEmpty();
    }

    /** Mount points and swap of everything on the disk. */
    public Stream<String> allMounts() {
        return Stream.of(
                        mounts.stream(),
                        partitions.stream().flatMap(p -> p.mounts().stream()),
                        allHolders().flatMap(h -> h.mounts().stream()))
                .flatMap(s -> s)
                .distinct();
    }

    Stream<Holder> allHolders() {
        return Stream.concat(holders.stream(), partitions.stream().flatMap(p -> p.holders().stream()));
    }

    Stream<Signature> allSignatures() {
        return Stream.concat(signatures.stream(), partitions.stream().flatMap(p -> p.signatures().stream()));
    }

    /** For messages: {@code /dev/vda (500.1 GB, serial X)}. */
    String named() {
        return path + " (" + Bytes.human(size) + (serial == null ? "" : ", serial " + serial)
                + (wwn == null ? "" : ", wwn " + wwn) + ")";
    }

    /** The link that scripts use: by-id with serial or wwn in its name first; the kernel's name if there is none. */
    String stablePath() {
        return links.stream()
                .filter(l -> l.startsWith("/dev/disk/by-id/"))
                .min(java.util.Comparator.comparingInt(this::rank).thenComparing(l -> l))
                .orElse(path);
    }

    private int rank(String link) {
        if (serial != null && link.contains(Identity.serial(serial))) {
            return 0;
        }
        return wwn != null && link.contains(Identity.wwn(wwn)) ? 1 : 2;
    }
}
