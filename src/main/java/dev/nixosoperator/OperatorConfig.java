package dev.nixosoperator;

import dev.nixosoperator.controller.Limits;
import dev.nixosoperator.phase.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operator's settings. The only reader of the environment: a flag {@code --max-steps} may also be given as {@code
 * NIXOS_OPERATOR_MAX_STEPS}.
 *
 * @param namespaces that are watched; none: all
 * @param metricsPort TCP port of metrics and health; 0: any free one
 * @param limits what may be done at the same time
 * @param kexecImage URL of the kexec archive where a spec names none, with {@code <arch>}
 * @param cacheDir where downloaded archives are kept
 * @param leaderElection whether several replicas may run, of which one works
 * @param leaseNamespace where the lease is; empty: the operator's own namespace
 */
public record OperatorConfig(
        Set<String> namespaces,
        int metricsPort,
        Limits limits,
        String kexecImage,
        Path cacheDir,
        boolean leaderElection,
        String leaseNamespace) {
    public OperatorConfig {
        namespaces = Set.copyOf(namespaces);
    }

    public Settings settings() {
        return new Settings(kexecImage, cacheDir);
    }

    /** @param list separated by commas; blank: none */
    static Set<String> names(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    /** The value of an option's environment variable, or what it is without. */
    static String environment(String option, String fallback) {
        String value = System.getenv("NIXOS_OPERATOR_" + option);
        return value == null || value.isBlank() ? fallback : value;
    }
}
