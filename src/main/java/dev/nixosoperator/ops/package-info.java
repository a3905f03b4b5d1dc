/** What people who run the operator see of it: metrics and health. */
@NullMarked
package dev.nixosoperator.ops;

import org.jspecify.annotations.NullMarked;
