package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a machine.
 *
 * @param suspend nothing is done while true; work already on the machine runs to its end where stopping it would harm
 * @param managementPolicy what the operator may do to the machine
 * @param interval how often a ready machine is looked at again
 * @param connection how to reach the machine
 * @param diskLayoutRef the DiskLayout that describes the disks
 * @param disks which device of this machine a disk of the layout is; wins over the layout's own device
 * @param system the NixOS system that the machine shall run
 * @param build how the system is built, where it is not a store path
 * @param copy how the system's closure gets onto the machine
 * @param install how the machine is installed
 * @param deletion what happens to the machine when this object is deleted
 */
@ValidationRule(
        value =
                "has(self.diskLayoutRef) || (has(self.managementPolicy) && self.managementPolicy in ['UpdateOnly', 'ObserveOnly']) || (has(self.install) && has(self.install.phases) && !('Disks' in self.install.phases))",
        message =
                "spec.diskLayoutRef is required unless spec.install.phases leaves out Disks or spec.managementPolicy installs nothing: the disk layout of the system itself is not used yet",
        fieldPath = ".diskLayoutRef")
@ValidationRule(
        value =
                "!has(self.install) || !has(self.install.phases) || 'Kexec' in self.install.phases || !has(self.connection.user) || self.connection.user == 'root'",
        message = "without the phase Kexec the machine must be an installer already, where the user is root",
        fieldPath = ".connection.user")
public record NixosMachineSpec(
        @Default("false") boolean suspend,
        @Default("Managed") ManagementPolicy managementPolicy,
        @Default("10m") @Pattern(GoDuration.PATTERN) GoDuration interval,
        @Required Connection connection,
        @Nullable LocalRef diskLayoutRef,
        List<DiskSelection> disks,
        @Required SystemSource system,
        Build build,
        CopyOptions copy,
        Install install,
        Deletion deletion) {
    public NixosMachineSpec {
        managementPolicy = managementPolicy == null ? ManagementPolicy.Managed : managementPolicy;
        interval = interval == null ? GoDuration.of("10m") : interval;
        disks = Lists.orEmpty(disks);
        build = build == null ? Build.DEFAULT : build;
        copy = copy == null ? CopyOptions.DEFAULT : copy;
        install = install == null ? Install.DEFAULT : install;
        deletion = deletion == null ? new Deletion(Deletion.Policy.Orphan) : deletion;
    }

    /** What the operator may do. */
    public enum ManagementPolicy {
        /** Install, verify and watch the machine. */
        Managed,
        /** Adopt a running NixOS, whoever installed it, and watch it; kexec and disks are never touched. */
        UpdateOnly,
        /** Look at the machine, and tell what an installation would do and what stands in its way; change nothing. */
        ObserveOnly
    }

    /**
     * What happens to the machine when the object goes.
     *
     * @param policy {@code Orphan}: the machine is left as it is
     */
    public record Deletion(@Default("Orphan") Policy policy) {
        public Deletion {
            policy = policy == null ? Policy.Orphan : policy;
        }

        /** See {@link Deletion}. */
        public enum Policy {
            Orphan
        }
    }
}
