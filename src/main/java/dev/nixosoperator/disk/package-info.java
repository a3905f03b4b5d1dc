/**
 * Pure: a layout tree ({@code spec.devices}, disko's {@code disko.devices}) becomes findings, or a plan, scripts and a NixOS module. One file
 * per disko type; nothing here touches a disk, a clock or the network.
 */
@NullMarked
package dev.nixosoperator.disk;

import org.jspecify.annotations.NullMarked;
