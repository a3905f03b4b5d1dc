/**
 * PURE: what happens next to one machine. No clock, no client, no SSH: what is wanted, what was observed and what status
 * remembers go in, a decision and what status shall remember come out.
 */
@NullMarked
package dev.nixosoperator.lifecycle;

import org.jspecify.annotations.NullMarked;
