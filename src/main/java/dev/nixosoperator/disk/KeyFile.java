package dev.nixosoperator.disk;

/**
 * Key material, named only by its path on the installer.
 *
 * @param form TEXT = newlines at the end do not belong to the key; RAW = every byte does
 * @param offset bytes in front of the key
 * @param size bytes of the key; 0 = all that follows, at least one
 */
public record KeyFile(String path, Form form, long offset, long size) {
    KeyFile(String path, Form form) {
        this(path, form, 0, 0);
    }

    /** Not only a file: a device with the key at some place of it, as NixOS has it on a stick. */
    boolean isOnDevice() {
        return path.startsWith("/dev/") && !path.startsWith("/dev/shm/");
    }

    /** What the file has at least. */
    public long bytes() {
        long key = Math.max(size, 1);
        return offset > Long.MAX_VALUE - key ? Long.MAX_VALUE : offset + key;
    }

    /** Whether a file of these bytes has the key in it. */
    public boolean isIn(byte[] file) {
        long length = file.length;
        while (form == Form.TEXT && length > 0 && (file[(int) length - 1] == '\n' || file[(int) length - 1] == 0)) {
            length--;
        }
        return length >= bytes();
    }

    public enum Form {
        TEXT,
        RAW;

        String word() {
            return switch (this) {
                case TEXT -> "text";
                case RAW -> "raw";
            };
        }
    }
}
