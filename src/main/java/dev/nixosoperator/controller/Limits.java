package dev.nixosoperator.controller;

/**
 * How much may be done at the same time, over all machines.
 *
 * @param steps tries of steps that work; one that only waits for its machine to answer is not counted
 * @param connects SSH connections that are being opened; one that is not open after a moment is not counted
 * @param uploads installer archives on their way from the operator to a machine
 */
public record Limits(int steps, int connects, int uploads) {
    /** A login costs some milliseconds of CPU here, and an upload half a gigabyte of everybody's bandwidth. */
    public static final Limits DEFAULT = new Limits(64, 32, 4);
}
