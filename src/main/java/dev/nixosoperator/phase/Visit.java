package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.RemoteHost;
import java.util.List;

/**
 * A look at the machine over a connection that stands.
 *
 * @param reading all that was printed; facts only where they were asked for
 */
record Visit(
        Role role,
        RemoteHost host,
        HostKey hostKey,
        List<Identity.JumpHost> jumpHosts,
        Reading reading,
        Situation situation) {
    Seen seen() {
        return Seen.of(situation).withHostKey(hostKey.openSsh()).withJumpHosts(jumpHosts);
    }
}
