package dev.nixosoperator.disk;

/**
 * Key material, named only by its path on the installer.
 *
 * @param form TEXT = newlines at the end do not belong to the key; RAW = every byte does
 * @param offset bytes in front of the key
 * @param size bytes of the key at least
 */
public record KeyFile(String path, Form form, long offset, long size) {
    KeyFile(String path, Form form) {
        this(path, form, 0, 1);
    }

    /** Whether a file of these bytes has the key in it. */
    public boolean isIn(byte[] file) {
        long length = file.length;
        while (form == Form.TEXT && length > 0 && (file[(int) length - 1] == '\n' || file[(int) length - 1] == 0)) {
            length--;
        }
        return length >= size && length - size >= offset;
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
