/** Sub-commands that need no cluster. */
@NullMarked
package dev.nixosoperator.cli;

import org.jspecify.annotations.NullMarked;
