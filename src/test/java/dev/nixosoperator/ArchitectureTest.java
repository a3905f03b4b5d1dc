package dev.nixosoperator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

/** The rooms and what each may use. */
@AnalyzeClasses(packages = "dev.nixosoperator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String BASE = "dev.nixosoperator";
    private static final String[] ROOMS = {
        "api.v1alpha1",
        "lifecycle",
        "phase",
        "disk",
        "nix",
        "hash",
        "remote",
        "remote.ssh",
        "work",
        "controller",
        "ops",
        "cli"
    };

    /** The root package is the composition root: it may use all, and none may use it. */
    private static ArchRule room(String room, String... others) {
        String[] foreign = Stream.concat(
                        Stream.of(BASE),
                        Arrays.stream(ROOMS)
                                .filter(other -> !other.equals(room)
                                        && !Arrays.asList(others).contains(other))
                                .map(other -> BASE + "." + other))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(BASE + "." + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(foreign)
                .allowEmptyShould(true);
    }

    @ArchTest
    static final ArchRule API = room("api.v1alpha1");

    @ArchTest
    static final ArchRule LIFECYCLE = room("lifecycle", "hash", "api.v1alpha1");

    @ArchTest
    static final ArchRule PHASE = room("phase", "lifecycle", "disk", "nix", "hash", "remote", "api.v1alpha1");

    @ArchTest
    static final ArchRule DISK = room("disk", "api.v1alpha1", "nix", "hash");

    @ArchTest
    static final ArchRule NIX = room("nix", "hash");

    @ArchTest
    static final ArchRule HASH = room("hash");

    @ArchTest
    static final ArchRule REMOTE = room("remote", "hash");

    @ArchTest
    static final ArchRule REMOTE_SSH = room("remote.ssh", "remote");

    @ArchTest
    static final ArchRule WORK = room("work");

    @ArchTest
    static final ArchRule CONTROLLER =
            room("controller", "lifecycle", "phase", "disk", "work", "hash", "remote", "api.v1alpha1", "ops");

    @ArchTest
    static final ArchRule OPS = room("ops");

    @ArchTest
    static final ArchRule CLI = room("cli", "disk", "lifecycle", "remote", "api.v1alpha1");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching(BASE + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule EVERY_CLASS_HAS_A_ROOM = classes()
            .should()
            .resideInAnyPackage(
                    Stream.concat(Stream.of(BASE), Arrays.stream(ROOMS).map(room -> BASE + "." + room))
                            .toArray(String[]::new));

    @ArchTest
    static final ArchRule SSHD_IN_ONE_ROOM = noClasses()
            .that()
            .resideOutsideOfPackage(BASE + ".remote.ssh")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.sshd..");

    @ArchTest
    static final ArchRule SIGNATURES_IN_TWO_ROOMS = noClasses()
            .that()
            .resideOutsideOfPackages(BASE + ".remote.ssh", BASE + ".nix")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..");

    @ArchTest
    static final ArchRule CLIENT_AT_THE_EDGE = noClasses()
            .that()
            .resideOutsideOfPackages(BASE, BASE + ".controller")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient");

    @ArchTest
    static final ArchRule JOSDK_AT_THE_EDGE = noClasses()
            .that()
            .resideOutsideOfPackages(BASE, BASE + ".controller", BASE + ".ops")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.javaoperatorsdk..");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule TIME_IS_PASSED_IN = noClasses()
            .that()
            .resideOutsideOfPackage(BASE)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule THE_ENVIRONMENT_IS_READ_IN_ONE_PLACE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(BASE + ".OperatorConfig")
            .should()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getenv");

    @ArchTest
    static final ArchRule NO_RUBBISH_HEAPS = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager");
}
