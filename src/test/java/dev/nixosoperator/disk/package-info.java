@org.jspecify.annotations.NullMarked
package dev.nixosoperator.disk;
