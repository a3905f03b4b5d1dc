package dev.nixosoperator.remote;

import java.util.Set;

/**
 * A machine that is passed on the way to another one. It needs no root and runs no command.
 *
 * @param login who we are there; no other machine ever sees it
 */
public record JumpHost(Endpoint endpoint, Login login, HostKeyCheck check) {
    JumpHost known(HostKey key) {
        return check instanceof HostKeyCheck.FirstUse(var revoked)
                ? new JumpHost(endpoint, login, new HostKeyCheck.Pinned(Set.of(key), Set.of(), revoked))
                : this;
    }
}
