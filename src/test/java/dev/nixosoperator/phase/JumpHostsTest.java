package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.phase.MachineInputs.Hop;
import dev.nixosoperator.phase.MachineInputs.Way;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.JumpHost;
import dev.nixosoperator.remote.KnownKeys;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which host key is demanded of a jump host, and what is remembered of it. */
class JumpHostsTest {
    private static final HostKey FIRST = ScriptedConnector.HOST_KEY;
    private static final HostKey OTHER = new HostKey("ssh-ed25519", "BBBB");
    private static final Endpoint BASTION = new Endpoint("bastion", 22, "jump");
    private static final Login LOGIN = Login.of(Secret.of("the key of the bastion"));
    private static final Identity PINNED = identity(new Identity.JumpHost("bastion:22", List.of(FIRST.openSsh())));

    @Test
    void theFirstKeyIsGoodWhereNoneIsKnown() {
        assertThat(check(Set.of(), false, null)).isEqualTo(new HostKeyCheck.FirstUse());
        assertThat(check(Set.of(), false, identity(new Identity.JumpHost("bastion:2222", List.of(FIRST.openSsh())))))
                .isEqualTo(new HostKeyCheck.FirstUse());
    }

    @Test
    void thePinnedKeyIsDemandedEverAfter() {
        assertThat(check(Set.of(), false, PINNED)).isEqualTo(new HostKeyCheck.Pinned(Set.of(FIRST)));
    }

    @Test
    void aPinnedKeyThatCannotBeReadIsNoFirstUse() {
        Identity unreadable = identity(new Identity.JumpHost("bastion:22", List.of("ssh-rsa AAAAB3Nz…")));
        assertThat(check(Set.of(), false, unreadable)).isEqualTo(new HostKeyCheck.Pinned(Set.of()));
    }

    @Test
    void keysThatAreGivenWinOverThePinnedOne() {
        assertThat(check(Set.of(OTHER), false, PINNED)).isEqualTo(new HostKeyCheck.Pinned(Set.of(OTHER)));
    }

    @Test
    void strictTrustsNobodyUnknown() {
        assertThat(check(Set.of(), true, null)).isEqualTo(new HostKeyCheck.Pinned(Set.of()));
    }

    @Test
    void noPasswordIsToldToOneThatNobodyVouchedFor() {
        Login password = Login.ofPassword(Secret.of("x"));
        assertThat(JumpHosts.of(way(new Hop(BASTION, password, KnownKeys.of(Set.of()), false)), null))
                .extracting(JumpHost::check)
                .containsExactly(new HostKeyCheck.Pinned(Set.of()));
    }

    @Test
    void whatWasPassedIsRememberedByItsPlace() {
        Target target = target();
        assertThat(JumpHosts.passed(target, List.of(FIRST)))
                .containsExactly(new Identity.JumpHost("bastion:22", List.of(FIRST.openSsh())));
        assertThat(JumpHosts.passed(target, List.of())).isEmpty();
    }

    /** A connection made at first use serves those who demand the key that was seen then. */
    @Test
    void theKeyThatWasSeenIsTheOneOfTheNextConnection() {
        assertThat(target().knowing(List.of(FIRST)).jumpHosts())
                .containsExactly(new JumpHost(BASTION, LOGIN, new HostKeyCheck.Pinned(Set.of(FIRST))));
    }

    @Test
    void everyLoginAndEveryDoorIsReachedOverThem() {
        Target target = target();
        assertThat(target.as(Login.ofPassword(Secret.of("x"))).jumpHosts()).isEqualTo(target.jumpHosts());
        assertThat(target.at(BASTION).jumpHosts()).isEqualTo(target.jumpHosts());
        assertThat(target.under(new HostKeyCheck.FirstUse()).jumpHosts()).isEqualTo(target.jumpHosts());
        assertThat(target.with(Privilege.AUTO).jumpHosts()).isEqualTo(target.jumpHosts());
    }

    private static Target target() {
        return Target.of(
                        new Endpoint("machine", 22, "root"),
                        Login.of(Secret.of("the key of the machine")),
                        new HostKeyCheck.FirstUse(),
                        new ConnectOptions(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .through(JumpHosts.of(way(new Hop(BASTION, LOGIN, KnownKeys.of(Set.of()), false)), null));
    }

    private static HostKeyCheck check(Set<HostKey> given, boolean strict, @Nullable Identity identity) {
        return JumpHosts.of(way(new Hop(BASTION, LOGIN, KnownKeys.of(given), strict)), identity)
                .getFirst()
                .check();
    }

    private static Way way(Hop hop) {
        return new Way(
                Login.of(Secret.of("the key of the machine")),
                Privilege.AUTO,
                List.of(hop),
                KnownKeys.of(Set.of()),
                false);
    }

    private static Identity identity(Identity.JumpHost hop) {
        return new Identity(null, null, null, List.of(), List.of(), List.of(), null, null, List.of(hop));
    }
}
