package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.SECRET_INVALID;

import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.Target;
import java.time.InstantSource;
import org.apache.sshd.client.SshClient;

/** Connects with Apache MINA SSHD: one client for the process, whose threads do not grow with the connections. */
public final class SshConnector implements Connector, AutoCloseable {
    private final SshClient client = Client.start();
    private final Deadlines deadlines = new Deadlines();
    private final InstantSource clock = InstantSource.system();
    private final Hops hops = new Hops(client, deadlines, clock);

    @Override
    public ConnectResult connect(Target target) {
        return switch (Offer.of(target.login(), clock.instant())) {
            case Offer.Unusable(String found) -> new Refused(SECRET_INVALID, found + ". Correct the Secret.", null);
            case Offer.Ready offer -> connect(target, offer);
        };
    }

    private ConnectResult connect(Target target, Offer.Ready offer) {
        Patience patience = Patience.of(target.options().connectTimeout());
        Attempt attempt =
                new Attempt(new HostProof(target.check(), target.endpoint(), clock.instant()), target.options());
        Route route = target.jumpHosts().isEmpty()
                ? new Route.Straight()
                : Route.of(hops.pass(target.jumpHosts(), target.options(), patience));
        return switch (new Opening(client, deadlines, target.endpoint(), offer, attempt, patience).open(route)) {
            case Opening.Closed(Refused why) -> route.keys().isEmpty() ? why : why.after(route.keys());
            case Opening.Open(var session) ->
                switch (new Elevating(session, target, attempt, deadlines, patience).become()) {
                    case Connected(var host, var key, var none) -> new Connected(host, key, route.keys());
                    case Refused why -> why.after(route.keys());
                };
        };
    }

    @Override
    public boolean answers(Target target) {
        // Behind a jump host nothing can be told from here.
        return target.jumpHosts().isEmpty() && SignOfLife.of(target.endpoint());
    }

    /** Closes all connections and ends the threads. */
    @Override
    public void close() {
        client.stop(); // sessions that end leave their jump hosts, which takes the timer
        deadlines.close();
    }
}
