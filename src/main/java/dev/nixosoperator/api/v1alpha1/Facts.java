package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the machine said of itself when it was last looked at.
 *
 * @param os {@code PRETTY_NAME} of os-release
 * @param memoryMiB all of it, without swap
 * @param bootMode {@code UEFI} or {@code BIOS}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Facts(
        @Nullable String os,
        @Nullable String kernel,
        @Nullable String architecture,
        @Nullable Long memoryMiB,
        @Nullable String virtualization,
        @Nullable Boolean installer,
        @Nullable String bootMode,
        List<Disk> disks) {
    public Facts {
        disks = Lists.orEmpty(disks);
    }

    /** A disk of the machine; {@code size} in bytes. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Disk(
            String path, @Nullable Long size, @Nullable String serial, @Nullable String wwn, @Nullable String model) {}
}
