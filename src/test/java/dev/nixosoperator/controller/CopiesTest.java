package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CopiesTest {
    static Stream<HasMetadata> objects() {
        NixosMachine machine = new NixosMachine();
        machine.setStatus(NixosMachineStatus.EMPTY);
        return Stream.<HasMetadata>of(machine, new DiskLayout(), new ConfigMapBuilder().build())
                .peek(object -> object.setMetadata(new ObjectMetaBuilder()
                        .withName("a")
                        .withResourceVersion("7")
                        .addToAnnotations("asked", "yes")
                        .addToFinalizers("example.org/one")
                        .build()));
    }

    /** What JOSDK or a reconciler does to the copy (finalizers, annotations) must not be seen in the cache. */
    @ParameterizedTest
    @MethodSource("objects")
    void isEqualAndApart(HasMetadata original) {
        Copies copies = new Copies(LenientJson.serialization());
        HasMetadata copy = copies.clone(original);
        assertThat(copy).isEqualTo(original).hasSameClassAs(original);
        copy.addFinalizer("example.org/two");
        copy.getMetadata().getAnnotations().put("more", "no");
        assertThat(original).isEqualTo(copies.clone(original)).isNotEqualTo(copy);
        assertThat(original.getFinalizers()).containsExactly("example.org/one");
        assertThat(original.getMetadata().getAnnotations()).containsOnlyKeys("asked");
    }
}
