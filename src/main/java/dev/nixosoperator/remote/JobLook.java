package dev.nixosoperator.remote;

/**
 * A job's state and a piece of its log.
 *
 * @param newLog at most 64 KiB from the asked offset, never cut within a character
 * @param nextOffset in bytes, where to read on. An ended job may have more log than one piece: read on until this is the
 *     state's log size
 */
public record JobLook(JobState state, String newLog, long nextOffset) {}
