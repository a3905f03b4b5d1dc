package dev.nixosoperator.bench;

import org.opentest4j.TestAbortedException;

/** What a test needs and this machine does not have. */
public final class Missing {
    private Missing() {}

    /** Fails the test in CI, where nothing may be left out unseen; elsewhere it is reported as not run. */
    public static RuntimeException prerequisite(String what) {
        return "true".equals(System.getenv("CI"))
                ? new IllegalStateException("CI must have " + what)
                : new TestAbortedException("not run: needs " + what);
    }
}
