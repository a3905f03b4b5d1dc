package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome.Progress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells the progress of a step. */
record Says(StepContext context, Step step) {
    private static final Pattern STEP = Pattern.compile("::step ([0-9]{1,6})/([0-9]{1,6}) (.*)");

    void message(String text) {
        context.progress().accept(new Progress(step, null, null, text));
    }

    /** For a transfer of so many bytes; speaks once for each percent. */
    LongConsumer uploading(long size, String text) {
        AtomicInteger told = new AtomicInteger(-1);
        return sent -> {
            int percent = size <= 0 ? 100 : (int) Math.min(100, sent * 100 / size);
            if (told.getAndSet(percent) != percent) {
                context.progress().accept(new Progress(step, percent, sent, text));
            }
        };
    }

    void part(int done, int of, String text) {
        context.progress().accept(new Progress(step, of <= 0 ? null : Math.min(100, done * 100 / of), null, text));
    }

    /** A line of a job's log: {@code ::step 3/7 what}. */
    void line(String line) {
        Matcher matcher = STEP.matcher(line);
        if (matcher.matches()) {
            int of = Integer.parseInt(matcher.group(2));
            part(Integer.parseInt(matcher.group(1)) - 1, of, matcher.group(3));
        }
    }
}
