package dev.nixosoperator.controller;

import java.util.UUID;

/** Names of operations: short enough to read, and never the same twice. */
final class OperationId {
    private OperationId() {}

    /** 16 hex digits. */
    static String fresh() {
        return "%016x".formatted(UUID.randomUUID().getMostSignificantBits());
    }
}
