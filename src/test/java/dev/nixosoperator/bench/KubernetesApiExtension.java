package dev.nixosoperator.bench;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands the {@link KubernetesApi} to constructors, {@code @BeforeAll} and test methods that ask for one. Where there is
 * none, the test is reported as not run, or fails in CI.
 */
public final class KubernetesApiExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KubernetesApi.class;
    }

    @Override
    public KubernetesApi resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return KubernetesApi.start();
    }
}
