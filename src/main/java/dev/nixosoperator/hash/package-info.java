/** Pure: SHA-256 in the forms that the other rooms write. */
@NullMarked
package dev.nixosoperator.hash;

import org.jspecify.annotations.NullMarked;
