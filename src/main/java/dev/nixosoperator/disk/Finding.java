package dev.nixosoperator.disk;

/**
 * One mistake in a layout.
 *
 * @param path where, such as {@code spec.devices.disk.main.content.partitions.root.content.format}
 * @param message what was found and what is allowed
 */
public record Finding(String path, String message) {
    @Override
    public String toString() {
        return path + ": " + message;
    }
}
