package dev.nixosoperator.bench;

import java.nio.file.Path;

/** An API server that runs, wherever it came from. */
interface ApiServer extends AutoCloseable {

    /** Gives the rights of a cluster administrator. */
    Path kubeconfig();

    Path kubectl();

    /** Whether what the tests leave behind is still there when they are over. */
    boolean outlivesTests();

    /** Takes the API server away from its clients without a word; what is stored stays. */
    void down();

    /** Brings it back, at the same address. */
    void up();

    @Override
    void close();
}
