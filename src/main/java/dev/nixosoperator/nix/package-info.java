/** Store paths and what is signed of them, Nix expressions as values, binary caches, archives, and the store protocol. */
@NullMarked
package dev.nixosoperator.nix;

import org.jspecify.annotations.NullMarked;
