/** Doubles of the outside world, written by hand, and what tests share. */
@NullMarked
package dev.nixosoperator.bench;

import org.jspecify.annotations.NullMarked;
