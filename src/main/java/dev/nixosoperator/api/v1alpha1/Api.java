package dev.nixosoperator.api.v1alpha1;

/** Names that the API consists of: group, version, annotations, finalizers. */
public final class Api {
    public static final String GROUP = "nixos-operator.dev";
    public static final String VERSION = "v1alpha1";
    /** Value: a plan hash; says the same as {@code spec.install.approvedPlan}. */
    public static final String APPROVE_PLAN = GROUP + "/approve-plan";
    /** Value: fingerprint of the host key that is refused now; it takes the place of the pinned one. Echoed in status. */
    public static final String ACCEPT_HOST_KEY = GROUP + "/accept-host-key";
    /** Value: anything that changes (a time stamp); the machine is looked at again at once. Echoed in status. */
    public static final String RECONCILE_REQUESTED_AT = GROUP + "/reconcile-requested-at";
    /** Flux's name for {@link #RECONCILE_REQUESTED_AT}, so that {@code flux reconcile} works. */
    public static final String FLUX_REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";
    /** Holds a layout that machines still use. */
    public static final String LAYOUT_FINALIZER = GROUP + "/layout-in-use";
    /** Lets running work on the machine end or be stopped before the object goes. */
    public static final String MACHINE_FINALIZER = GROUP + "/machine";

    private Api() {}
}
