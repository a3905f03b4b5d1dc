/** One class per step: how it is looked at on the machine and pushed forward. */
@NullMarked
package dev.nixosoperator.phase;

import org.jspecify.annotations.NullMarked;
