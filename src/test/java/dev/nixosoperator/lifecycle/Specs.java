package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Algorithms;
import dev.nixosoperator.api.v1alpha1.Build;
import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.CopyOptions;
import dev.nixosoperator.api.v1alpha1.GoDuration;
import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.Install.WipePolicy;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec.ManagementPolicy;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Specs for tests. */
record Specs(
        boolean suspend,
        WipePolicy wipePolicy,
        @Nullable String approvedPlan,
        @Nullable String token,
        List<Install.Phase> phases,
        String toplevel,
        @Nullable String flake,
        ManagementPolicy policy) {
    static final String SYSTEM_A = "/nix/store/00000000000000000000000000000000-nixos-system-a";
    static final String SYSTEM_B = "/nix/store/11111111111111111111111111111111-nixos-system-b";
    static final String FLAKE = "github:org/infra";
    static final Specs STANDARD = new Specs(
            false,
            WipePolicy.RequireApproval,
            null,
            null,
            List.of(Install.Phase.values()),
            SYSTEM_A,
            null,
            ManagementPolicy.Managed);

    NixosMachineSpec build() {
        GoDuration seconds = GoDuration.of("15s");
        Connection connection = new Connection(
                "192.0.2.1",
                22,
                "root",
                new LocalRef("key"),
                new Connection.Privilege(Connection.Privilege.Method.Auto, null),
                new Connection.HostKeys(Connection.HostKeys.Policy.TrustOnFirstUse, List.of(), List.of(), null),
                List.of(),
                seconds,
                seconds,
                new Algorithms(List.of(), List.of(), List.of(), List.of()),
                null,
                null);
        Install install = new Install(
                phases,
                new Install.Kexec(Install.Kexec.Mode.Auto, null, Install.Kexec.Delivery.Auto, List.of()),
                Install.DiskMode.DestroyFormatMount,
                wipePolicy,
                approvedPlan,
                token,
                List.of(),
                List.of(),
                new Install.InstalledHostKeys(Install.InstalledHostKeys.Policy.Preserve, null),
                GoDuration.of("2h"),
                List.of(),
                5);
        return new NixosMachineSpec(
                suspend,
                policy,
                GoDuration.of("10m"),
                connection,
                new LocalRef("layout"),
                List.of(),
                flake == null
                        ? new SystemSource(new SystemSource.StorePath(toplevel, null), null)
                        : new SystemSource(null, new SystemSource.Flake(FLAKE, flake)),
                new Build(Build.Place.Auto),
                new CopyOptions(List.of(), List.of(), true),
                install,
                new NixosMachineSpec.Deletion(NixosMachineSpec.Deletion.Policy.Orphan));
    }

    Specs withSuspend(boolean value) {
        return new Specs(value, wipePolicy, approvedPlan, token, phases, toplevel, flake, policy);
    }

    Specs withWipePolicy(WipePolicy value) {
        return new Specs(suspend, value, approvedPlan, token, phases, toplevel, flake, policy);
    }

    Specs withApprovedPlan(@Nullable String value) {
        return new Specs(suspend, wipePolicy, value, token, phases, toplevel, flake, policy);
    }

    Specs withToken(@Nullable String value) {
        return new Specs(suspend, wipePolicy, approvedPlan, value, phases, toplevel, flake, policy);
    }

    Specs withPhases(Install.Phase... value) {
        return new Specs(suspend, wipePolicy, approvedPlan, token, List.of(value), toplevel, flake, policy);
    }

    Specs withPolicy(ManagementPolicy value) {
        return new Specs(suspend, wipePolicy, approvedPlan, token, phases, toplevel, flake, value);
    }

    Specs withToplevel(String value) {
        return new Specs(suspend, wipePolicy, approvedPlan, token, phases, value, null, policy);
    }

    /** @param attribute of {@link #FLAKE}, in the place of a store path */
    Specs withFlake(String attribute) {
        return new Specs(suspend, wipePolicy, approvedPlan, token, phases, toplevel, attribute, policy);
    }
}
