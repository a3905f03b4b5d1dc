/** The only package that imports {@code org.apache.sshd}: connections, pinned host keys, key parsing. */
@NullMarked
package dev.nixosoperator.remote.ssh;

import org.jspecify.annotations.NullMarked;
