/** Runs one bounded try per key on virtual threads under a limit; knows nothing of machines. */
@NullMarked
package dev.nixosoperator.work;

import org.jspecify.annotations.NullMarked;
