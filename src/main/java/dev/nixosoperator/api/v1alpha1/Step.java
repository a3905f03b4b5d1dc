package dev.nixosoperator.api.v1alpha1;

/** The steps of what happens to a machine, in their order; {@code phases.md} of the design. */
public enum Step {
    /** Connect, gather facts, check every requirement of the coming steps before anything changes. */
    Preflight,
    /** Work out what will happen to which disk; wait for the approval. */
    Plan,
    /** Boot the installer in memory. */
    Kexec,
    /** Last look before disks are written: same plan, system at its source, signature, space, keys. */
    Gate,
    /** Destroy, format and mount. */
    Disks,
    /** Bring the system's closure into the store under /mnt. */
    Copy,
    /** Build the system into the store under /mnt; in the place of Copy where it comes from a flake. */
    Build,
    /** Put host keys and extra files in place. */
    Files,
    /** Set the profile and install the boot loader. */
    Install,
    /** Leave the installer. */
    Reboot,
    /** Prove that the machine runs what was asked. */
    Verify,
    /** Look at a settled machine again; changes nothing. */
    Observe
}
