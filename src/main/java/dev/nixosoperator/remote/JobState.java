package dev.nixosoperator.remote;

/** What the machine says about a job. Sizes in bytes. */
public sealed interface JobState {
    /** Never started. */
    record Absent() implements JobState {}

    record Running(String pid, long logSize) implements JobState {}

    /** @param code of the script; 128 + signal number if a signal ended it */
    record Exited(int code, long logSize) implements JobState {}

    /** It was started, there is no process and no exit code: killed from outside, or the machine was rebooted. */
    record Vanished(String why) implements JobState {}

    /** Not started, because a job of this owner (an object's uid) runs on the machine. */
    record Locked(String owner) implements JobState {}

    /** The machine could not be asked, or answered nonsense. After a start: look again before anything else. */
    record Unknown(CommandResult failure) implements JobState {}

    /** No process of it runs any more, and it was there: {@link Exited} or {@link Vanished}. */
    default boolean ended() {
        return this instanceof Exited || this instanceof Vanished;
    }
}
