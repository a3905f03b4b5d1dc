/**
 * What is needed from a host: run an argv as root, send bytes, start and watch a detached job. Quoting lives here alone.
 * Expected failures are values; an exception means a bug.
 */
@NullMarked
package dev.nixosoperator.remote;

import org.jspecify.annotations.NullMarked;
