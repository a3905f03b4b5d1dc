/** Generates the CRDs in {@code crds/} from the API types. */
@NullMarked
package dev.nixosoperator.crd;

import org.jspecify.annotations.NullMarked;
