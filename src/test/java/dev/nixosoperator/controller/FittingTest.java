package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.DiskLayoutStatus;
import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Identity.Presented;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.remote.HostKey;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine may say anything of itself. */
class FittingTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private final Fitting fitting = new Fitting(LenientJson.serialization());

    private static NixosMachineStatus status(String os, int disks) {
        Facts.Disk disk = new Facts.Disk("/dev/sda", 1L, "S\u001b[31m1", null, null);
        Facts facts = new Facts(os, null, null, 4L, null, null, null, Collections.nCopies(disks, disk));
        return new NixosMachineStatus(
                1L, "Copy", null, null, List.of(), facts, null, null, null, null, null, null, List.of(), List.of());
    }

    private static NixosMachineStatus knowing(Identity identity) {
        return new NixosMachineStatus(
                1L, "Copy", null, null, List.of(), null, identity, null, null, null, null, null, List.of(), List.of());
    }

    /** What {@code ssh-keygen -t rsa} makes; the numbers are not random. */
    private static String rsa(int bits) {
        BigInteger modulus = BigInteger.TWO.pow(bits).subtract(BigInteger.ONE);
        ByteBuffer blob = ByteBuffer.allocate(bits / 8 + 64);
        for (byte[] part : List.of(
                "ssh-rsa".getBytes(StandardCharsets.UTF_8),
                BigInteger.valueOf(65537).toByteArray(),
                modulus.toByteArray())) {
            blob.putInt(part.length).put(part);
        }
        byte[] bytes = Arrays.copyOf(blob.array(), blob.position());
        return "ssh-rsa " + Base64.getEncoder().encodeToString(bytes);
    }

    private NixosMachineStatus fit(NixosMachineStatus status) {
        return fitting.fit(status, NixosMachineStatus.class);
    }

    @Test
    void whatFitsStaysAsItIs() {
        NixosMachineStatus fits = fit(status("Debian", 2));
        assertThat(fit(fits)).isSameAs(fits);
    }

    @Test
    void whatIsTooLongIsCutAndWhatIsNotPrintableGoes() {
        Facts facts =
                Objects.requireNonNull(fit(status("\u001b[1mDebian\u001b[0m\u0007 \ud800" + "x".repeat(5_000_000), 90))
                        .facts());
        assertThat(facts.os())
                .startsWith("Debian\ufffd \ufffdxxx")
                .endsWith("x…")
                .hasSizeLessThanOrEqualTo(Fitting.WORD);
        assertThat(facts.disks()).hasSize(Fitting.LIST);
        assertThat(facts.disks().getFirst().serial()).isEqualTo("S1");
        assertThat(facts.memoryMiB()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {2048, 4096, 6144, 8192, 16384})
    void aHostKeyIsStoredWhole(int bits) {
        String key = rsa(bits);
        assertThat(HostKey.parse(key)).isPresent();
        NixosMachineStatus status = knowing(new Identity(
                "m",
                "b",
                "d",
                List.of(key),
                List.of(key),
                List.of(),
                new Presented(key, "SHA256:x", true),
                null,
                List.of(new Identity.JumpHost("hop:22", List.of(key)))));
        assertThat(fit(status)).isSameAs(status);
    }

    @Test
    void whatALayoutQuotesIsFittedToo() {
        Condition invalid = new Condition(
                "Valid", "False", "DiskLayoutInvalid", "x".repeat(40_000), Timestamp.of(Instant.EPOCH), 1L);
        DiskLayoutStatus status = new DiskLayoutStatus(
                1L, null, 0, Collections.nCopies(90, "/\u0000" + "m".repeat(2000)), null, List.of(invalid));
        DiskLayoutStatus fit = fitting.fit(status, DiskLayoutStatus.class);
        assertThat(fit.summary())
                .hasSize(Fitting.LIST)
                .allSatisfy(line -> assertThat(line).startsWith("/\ufffdm").hasSize(Fitting.WORD));
        assertThat(fit.conditions()).singleElement().satisfies(condition -> assertThat(condition.message())
                .hasSize(Fitting.MESSAGE));
        assertThat(fitting.fit(fit, DiskLayoutStatus.class)).isSameAs(fit);
    }

    @Test
    void theLimitsAreNotAboveThoseOfTheCrd() throws IOException {
        JsonNode status = YAML.readTree(
                        Path.of("crds/nixosmachines.nixos-operator.dev.yaml").toFile())
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/status");
        assertThat(status.findValues("maxLength")).isNotEmpty().allSatisfy(limit -> assertThat(limit.asInt())
                .isGreaterThanOrEqualTo(Fitting.WORD));
        assertThat(status.findValues("maxItems")).isNotEmpty().allSatisfy(limit -> assertThat(limit.asInt())
                .isGreaterThanOrEqualTo(Fitting.LIST));
        assertThat(status.findValues("message").stream()
                        .map(message -> message.path("maxLength").asInt()))
                .isNotEmpty()
                .allSatisfy(limit -> assertThat(limit).isGreaterThanOrEqualTo(Fitting.MESSAGE));
        JsonNode identity = status.at("/properties/identity/properties");
        for (String key : List.of("/hostKeys/items", "/expectedHostKeys/items", "/presented/properties/key")) {
            assertThat(identity.at(key + "/maxLength").asInt()).isGreaterThanOrEqualTo(Fitting.KEY);
        }
    }
}
