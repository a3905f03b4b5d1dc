package dev.nixosoperator.controller;

/** Names of conditions, and of reasons that are no failures. */
final class Types {
    static final String READY = "Ready";
    /** Abnormal: there only while True, never beside {@link #STALLED}. */
    static final String RECONCILING = "Reconciling";
    /** Abnormal: there only while True. */
    static final String STALLED = "Stalled";

    static final String RESOLVED_REFS = "ResolvedRefs";
    static final String REACHABLE = "Reachable";
    static final String PLAN_APPROVED = "PlanApproved";
    static final String INSTALLED = "Installed";
    static final String UP_TO_DATE = "UpToDate";
    static final String LAYOUT_IN_SYNC = "LayoutInSync";
    static final String PAUSED = "Paused";
    static final String VALID = "Valid";

    static final String QUEUED = "Queued";
    static final String PROGRESSING = "Progressing";
    static final String RETRYING = "ProgressingWithRetry";
    static final String SUCCEEDED = "Succeeded";

    private Types() {}
}
