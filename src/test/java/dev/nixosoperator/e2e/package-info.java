/** The operator as users run it, against real machines and a real API server. */
@NullMarked
package dev.nixosoperator.e2e;

import org.jspecify.annotations.NullMarked;
