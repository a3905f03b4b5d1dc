package dev.nixosoperator.lifecycle;

/** The object that a machine belongs to. */
public record MachineId(String uid, String namespace, String name) {}
