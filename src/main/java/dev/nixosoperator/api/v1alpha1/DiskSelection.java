package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Which device of the machine a disk of the layout is.
 *
 * @param name the disk's name in the layout
 * @param device path of the device; {@code /dev/disk/by-id/…} stays the same over reboots
 * @param selector criteria of which all must match exactly one disk
 */
@ValidationRule(value = "has(self.device) != has(self.selector)", message = "give exactly one of device and selector")
@ValidationRule(
        value = "!has(self.device) || !self.device.contains('/../')",
        message = "device must not contain ..",
        fieldPath = ".device")
public record DiskSelection(
        @Required @Size(min = 1, max = 64) String name,
        @Nullable @Size(min = 6, max = 256) @Pattern("^/dev/[^\\s]+$") String device,
        @Nullable Selector selector) {

    /**
     * Criteria; all that are given must match, and exactly one disk must be left.
     *
     * @param serial the disk's serial number as lsblk shows it
     * @param wwn its World Wide Name
     * @param model its model as lsblk shows it, as a whole; without case
     * @param vendor its vendor, in the same way
     * @param minSize smallest size, such as {@code 400G} (powers of ten: G; of two: Gi)
     * @param maxSize largest size
     * @param rotational true: it turns; false: it does not (SSD, NVMe)
     * @param transport how it is connected, as lsblk shows it: sata, nvme, usb, sas, virtio
     * @param byPath where it is plugged in: a name below /dev/disk/by-path, or the whole path
     * @param onlyDisk true: it is the machine's only disk, removable ones not counted
     */
    @ValidationRule(
            value = "has(self.serial) || has(self.wwn) || has(self.model) || has(self.vendor) || has(self.minSize)"
                    + " || has(self.maxSize) || has(self.rotational) || has(self.transport) || has(self.byPath)"
                    + " || (has(self.onlyDisk) && self.onlyDisk)",
            message =
                    "give at least one of serial, wwn, model, vendor, minSize, maxSize, rotational, transport, byPath and"
                            + " onlyDisk: true")
    public record Selector(
            @Nullable @Size(min = 1, max = 128) String serial,
            @Nullable @Size(min = 1, max = 128) String wwn,
            @Nullable @Size(min = 1, max = 128) String model,
            @Nullable @Size(min = 1, max = 128) String vendor,
            @Nullable @Pattern(SIZE) String minSize,
            @Nullable @Pattern(SIZE) String maxSize,
            @Nullable Boolean rotational,
            @Nullable @Pattern("^[A-Za-z0-9]{1,16}$") String transport,
            @Nullable @Size(min = 1, max = 256) @Pattern("^(/dev/disk/by-path/)?[^/\\s]+$") String byPath,
            @Nullable Boolean onlyDisk) {
        static final String SIZE = "^[0-9]{1,15}(\\.[0-9]{1,3})?([KMGTP]i?)?$";
    }
}
