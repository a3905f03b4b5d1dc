package dev.nixosoperator.controller;

import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.work.Place;
import org.jspecify.annotations.Nullable;

/** How a try stands that shall run. */
sealed interface Standing {
    /** It waits for its turn. */
    record Queued(Place place) implements Standing {
        /** Beginning of {@link #message()}, by which it is known in a stored status. */
        private static final String TEXT = "waits for its turn: ";

        private static final int NEAR = 10;

        /** Coarse far from the front, so that a queue that moves on is not one write a machine and move. */
        String message() {
            return place.position() <= NEAR
                    ? "%s%s of %d".formatted(TEXT, ordinal(place.position()), place.of())
                    : "%sabout %s of %d".formatted(TEXT, ordinal(coarse(place.position())), coarse(place.of()));
        }

        boolean isNear() {
            return place.position() <= NEAR;
        }

        /** Whether this is what a machine said that waited for its turn. */
        static boolean said(@Nullable String message) {
            return message != null && message.startsWith(TEXT);
        }

        private static int coarse(int number) {
            int step = number <= 100 ? 10 : 100;
            return (number + step - 1) / step * step;
        }

        private static String ordinal(int number) {
            boolean teen = number % 100 >= 11 && number % 100 <= 13;
            return number
                    + switch (teen ? 0 : number % 10) {
                        case 1 -> "st";
                        case 2 -> "nd";
                        case 3 -> "rd";
                        default -> "th";
                    };
        }
    }

    /** It works, or will at once, or nothing shall run. */
    record Works(StepOutcome.@Nullable Progress said) implements Standing {}

    /** Works and has said nothing yet. */
    Standing SILENT = new Works(null);
}
