package dev.nixosoperator.phase;

/** The systems of one machine, which may differ in address, user, login and host keys. */
public enum Role {
    /** The system that is found on the machine. */
    INITIAL,
    /** The installer in memory; the user is root. */
    INSTALLER,
    /** The system that was installed. */
    INSTALLED
}
