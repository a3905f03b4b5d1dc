package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A condition as Kubernetes defines it (metav1.Condition).
 *
 * @param type UpperCamelCase
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason machine word, UpperCamelCase
 * @param message for people: what is the case and what happens next
 * @param lastTransitionTime when {@code status} changed last
 */
public record Condition(
        @Required String type,
        @Required String status,
        @Required String reason,
        @Required String message,
        @Required Timestamp lastTransitionTime,
        @Nullable Long observedGeneration) {
    public static final String TRUE = "True";
    public static final String FALSE = "False";
    public static final String UNKNOWN = "Unknown";
}
