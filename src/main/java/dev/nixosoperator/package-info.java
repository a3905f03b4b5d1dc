/** Composition root of the operator. */
@NullMarked
package dev.nixosoperator;

import org.jspecify.annotations.NullMarked;
