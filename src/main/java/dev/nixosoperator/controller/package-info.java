/**
 * Kubernetes: reconcilers, event sources and indexes, what the spec refers to, the status and its only writer, events.
 * Read, decide, act, report; nothing here waits for a machine.
 */
@NullMarked
package dev.nixosoperator.controller;

import org.jspecify.annotations.NullMarked;
