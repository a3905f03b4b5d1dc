@NullMarked
package dev.nixosoperator.lifecycle;

import org.jspecify.annotations.NullMarked;
