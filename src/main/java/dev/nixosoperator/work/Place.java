package dev.nixosoperator.work;

/**
 * A place in a queue.
 *
 * @param position from 1: the next one that is let in
 * @param of how many wait
 */
public record Place(int position, int of) {}
