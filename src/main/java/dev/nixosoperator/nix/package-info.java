/** Pure: Nix expressions as values, with a printer that escapes. */
@NullMarked
package dev.nixosoperator.nix;

import org.jspecify.annotations.NullMarked;
