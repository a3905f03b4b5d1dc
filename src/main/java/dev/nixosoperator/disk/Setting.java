package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What NixOS must know of a node. */
sealed interface Setting {
    /** The path that NixOS uses; empty where it is told none. */
    String device();

    /** @param neededForBoot mounted by the initrd, whatever its mount point is */
    record FileSystem(String mountpoint, String device, String fsType, List<String> options, boolean neededForBoot)
            implements Setting {
        FileSystem(String mountpoint, String device, String fsType, List<String> options) {
            this(mountpoint, device, fsType, options, false);
        }
    }

    record SwapDevice(
            String device,
            @Nullable String discardPolicy,
            @Nullable Long priority,
            boolean randomEncryption,
            List<String> options)
            implements Setting {}

    /** {@code device} is a file of the installed system. */
    record SwapFile(String device, @Nullable Long priority, List<String> options) implements Setting {}

    record ResumeDevice(String device) implements Setting {}

    record LuksDevice(String name, String device, ObjectNode settings) implements Setting {}

    record GrubDevice(String device) implements Setting {}

    /** Of the initrd. */
    record KernelModules(List<String> names) implements Setting {
        @Override
        public String device() {
            return "";
        }
    }

    /** Arrays are assembled at boot. */
    record SoftwareRaid() implements Setting {
        @Override
        public String device() {
            return "";
        }
    }
}
