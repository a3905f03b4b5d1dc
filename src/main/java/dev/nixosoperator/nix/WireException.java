package dev.nixosoperator.nix;

import java.io.IOException;

/** Bytes that break the format; becomes a value before it leaves this package. */
final class WireException extends IOException {
    private final WireFault fault;

    WireException(WireFault fault) {
        super(fault.toString());
        this.fault = fault;
    }

    WireFault fault() {
        return fault;
    }
}
