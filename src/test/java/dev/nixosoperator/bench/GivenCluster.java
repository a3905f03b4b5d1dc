package dev.nixosoperator.bench;

import java.nio.file.Path;
import java.util.Optional;

/** A cluster that somebody gave for tests, and for nothing else: the user's own KUBECONFIG is never looked at. */
record GivenCluster(Path kubeconfig) implements ApiServer {

    static final String VARIABLE = "NIXOS_OPERATOR_TEST_KUBECONFIG";

    static Optional<ApiServer> find() {
        return Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of).map(GivenCluster::new);
    }

    @Override
    public Path kubectl() {
        return Kubectl.onThisMachine();
    }

    @Override
    public boolean outlivesTests() {
        return true;
    }

    @Override
    public void down() {
        throw Missing.prerequisite("an API server that may be stopped, which that of " + VARIABLE + " may not");
    }

    @Override
    public void up() {
        throw new IllegalStateException("was never down");
    }

    @Override
    public void close() {}
}
