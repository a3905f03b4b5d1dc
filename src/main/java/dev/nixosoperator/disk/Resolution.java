package dev.nixosoperator.disk;

import java.util.List;
import java.util.Map;

/** Which device each disk of a layout is on one machine: exactly one each, or nothing may be written. */
public sealed interface Resolution {

    /** @param disks by the layout's names, in their byte order */
    record Resolved(Map<String, BlockDevice> disks) implements Resolution {}

    /** @param message names the disk of the layout and the candidates */
    record Unresolved(Problem problem, String message) implements Resolution {}

    /** Why a layout does not fit the machine. */
    enum Problem {
        NOT_FOUND,
        AMBIGUOUS,
        READ_ONLY,
        SAME_DISK_TWICE,
        PARTITION_NOT_DISK,
        IN_FOREIGN_POOL,
        TOO_SMALL
    }

    /** Which disk is which, without a judgement whether it may be written. */
    static Resolution match(Layout layout, List<DiskBinding> bindings, BlockDevices machine) {
        return new Resolver(layout, bindings, machine).match();
    }

    /** @param mode says which disks are wiped */
    static Resolution resolve(Layout layout, List<DiskBinding> bindings, BlockDevices machine, DiskMode mode) {
        return new Resolver(layout, bindings, machine).resolve(mode);
    }
}
