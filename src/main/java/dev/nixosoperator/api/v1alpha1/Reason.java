package dev.nixosoperator.api.v1alpha1;

/** Why a machine is where it is: the machine word in conditions, with what helps. */
public enum Reason {
    SecretNotFound(Kind.Permanent),
    SecretInvalid(Kind.Permanent),
    ConfigMapNotFound(Kind.Permanent),
    DiskLayoutNotFound(Kind.Permanent),
    DiskLayoutInvalid(Kind.Permanent),
    JumpHostUnreachable(Kind.Transient),
    JumpHostRefused(Kind.Permanent),
    DNSFailed(Kind.Transient),
    ConnectTimeout(Kind.Transient),
    ConnectionRefused(Kind.Transient),
    ConnectionLost(Kind.Transient),
    AlgorithmsUnsupported(Kind.Permanent),
    AuthenticationFailed(Kind.Permanent),
    HostKeyMismatch(Kind.Human),
    PrivilegeDenied(Kind.Permanent),
    NotLinux(Kind.Permanent),
    FactsFailed(Kind.Transient),
    ArchitectureUnsupported(Kind.Permanent),
    ArchitectureMismatch(Kind.Permanent),
    InsufficientMemory(Kind.Permanent),
    MissingTool(Kind.Permanent),
    KexecUnsupported(Kind.Permanent),
    InstallerNetworkUnsupported(Kind.Permanent),
    SecureBootBlocksKexec(Kind.Permanent),
    KexecFailed(Kind.Transient),
    KexecNoReturn(Kind.Human),
    KexecNotEntered(Kind.Transient),
    ImageDownloadFailed(Kind.Transient),
    ImageChecksumMismatch(Kind.Permanent),
    DiskNotFound(Kind.Permanent),
    DiskAmbiguous(Kind.Permanent),
    DiskInUse(Kind.Permanent),
    DiskInForeignPool(Kind.Permanent),
    AwaitingApproval(Kind.Human),
    PlanChanged(Kind.Human),
    FormatInterrupted(Kind.Human),
    FormatFailed(Kind.Human),
    MountFailed(Kind.Transient),
    AdditionFailed(Kind.Transient),
    FlakeInvalid(Kind.Permanent),
    SourceUnavailable(Kind.Transient),
    EvaluationFailed(Kind.Permanent),
    AttributeNotFound(Kind.Permanent),
    BuildFailed(Kind.Transient),
    StorePathNotFound(Kind.Transient),
    SignatureRejected(Kind.Permanent),
    CacheUnavailable(Kind.Transient),
    HashMismatch(Kind.Transient),
    CopyFailed(Kind.Transient),
    StoreFull(Kind.Permanent),
    FilesFailed(Kind.Transient),
    InstallFailed(Kind.Transient),
    BootloaderFailed(Kind.Permanent),
    UnlockFailed(Kind.Permanent),
    BootTimeout(Kind.Human),
    BootVerificationFailed(Kind.Human),
    WaitingForUnlock(Kind.Transient),
    UnknownGeneration(Kind.Human),
    NotInstalled(Kind.Permanent),
    PolicyChanged(Kind.Permanent),
    MachineClaimed(Kind.Human),
    IdentityMismatch(Kind.Human),
    RetriesExhausted(Kind.Human),
    OperatorBusy(Kind.Transient),
    InternalError(Kind.Transient);

    private final Kind kind;

    Reason(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What helps against a failure. */
    public enum Kind {
        /** Time: it is tried again with growing pauses. */
        Transient,
        /** A change of spec, Secret, annotation or machine. */
        Permanent,
        /** A decision of a person. */
        Human
    }
}
