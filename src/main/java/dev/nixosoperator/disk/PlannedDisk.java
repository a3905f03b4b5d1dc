package dev.nixosoperator.disk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What will happen to one disk, for a person who approves it.
 *
 * @param name the layout's name
 * @param device the kernel's path at the time of planning
 * @param size bytes
 * @param content what is on it now: {@code gpt: vda1 vfat "EFI", vda2 ext4}, or {@code empty}
 * @param action such as {@code destroy and format}
 * @param result one line a partition: what will be there
 */
public record PlannedDisk(
        String name,
        String device,
        @Nullable String serial,
        @Nullable String wwn,
        long size,
        @Nullable String model,
        String content,
        String action,
        List<String> result) {}
