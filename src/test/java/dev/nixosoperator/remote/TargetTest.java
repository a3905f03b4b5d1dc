package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A copy of a target differs in what it was made for, and in nothing else: whatever a target gets one day. */
class TargetTest {
    private static final Target PLAIN = Target.of(
                    new Endpoint("192.0.2.5", 22, "ubuntu"),
                    Login.ofPassword(Secret.of("top secret")),
                    new HostKeyCheck.Pinned(Set.of()),
                    new ConnectOptions(Duration.ofSeconds(7), Duration.ofSeconds(8)))
            .with(new Privilege(Privilege.Method.SUDO, Secret.of("of sudo")));

    private static final Map<Class<?>, Object> OTHERS = Map.of(
            Endpoint.class,
            new Endpoint("192.0.2.6", 22, "root"),
            Login.class,
            Login.of(Secret.of("key")),
            HostKeyCheck.class,
            new HostKeyCheck.FirstUse(),
            Privilege.class,
            Privilege.AUTO,
            List.class,
            List.of());

    static Stream<Method> copies() {
        return Arrays.stream(Target.class.getDeclaredMethods())
                .filter(method -> method.getReturnType() == Target.class
                        && method.getParameterCount() == 1
                        && !method.isSynthetic()
                        && !Modifier.isStatic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("copies")
    void changesOnePartAndKeepsTheRest(Method copy) throws ReflectiveOperationException {
        Class<?> part = copy.getParameterTypes()[0];
        Object copied = copy.invoke(PLAIN, Objects.requireNonNull(OTHERS.get(part), "another " + part));
        for (RecordComponent component : Target.class.getRecordComponents()) {
            Object before = component.getAccessor().invoke(PLAIN);
            Object after = component.getAccessor().invoke(copied);
            if (component.getType() != part) {
                assertThat(after).as(component.getName()).isEqualTo(before);
            }
        }
    }
}
