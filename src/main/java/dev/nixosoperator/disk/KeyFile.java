package dev.nixosoperator.disk;

/**
 * Key material, named only by its path on the installer.
 *
 * @param form TEXT = newlines at the end do not belong to the key; RAW = every byte does
 */
record KeyFile(String path, Form form) {
    enum Form {
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
