package dev.nixosoperator.disk;

/** Sizes as sgdisk reads them: {@code 500M}; K, M, G, T, P count in 1024, {@code s} or nothing means sectors of the disk. */
final class Sectors {
    static final String NUMBER = "[0-9]{1,15}[KMGTP]?";
    /** Bytes; disks have 512 or 4096. */
    private static final long SMALLEST = 512;

    static final long LARGEST = 4096;

    private Sectors() {}

    /** Bytes of an absolute size, of sectors at least so many, at most {@link Long#MAX_VALUE}; 0 for {@code 100%} and {@code 0}. */
    static long bytes(String size) {
        if (!size.matches(NUMBER)) {
            return 0;
        }
        char unit = size.charAt(size.length() - 1);
        int power = "KMGTP".indexOf(unit);
        long number = Long.parseLong(power < 0 ? size : size.substring(0, size.length() - 1));
        long factor = power < 0 ? SMALLEST : 1L << (10 * (power + 1));
        return number > Long.MAX_VALUE / factor ? Long.MAX_VALUE : number * factor;
    }
}
