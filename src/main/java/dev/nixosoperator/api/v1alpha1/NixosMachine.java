package dev.nixosoperator.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A machine that shall run a NixOS system: how to reach it, which system, which disks. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("nxm")
@Categories("nixos")
@AdditionalPrinterColumn(
        name = "READY",
        jsonPath = ".status.conditions[?(@.type=='Ready')].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "PROGRESS",
        jsonPath = ".status.operation.progress",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "HOST", jsonPath = ".spec.connection.host", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "SYSTEM", jsonPath = ".status.system.name", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "REASON",
        jsonPath = ".status.conditions[?(@.type=='Ready')].reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "MESSAGE",
        jsonPath = ".status.conditions[?(@.type=='Ready')].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "LAYOUT",
        jsonPath = ".spec.diskLayoutRef.name",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "LAST SEEN",
        jsonPath = ".status.lastSeenTime",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 1)
public final class NixosMachine extends CustomResource<NixosMachineSpec, NixosMachineStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
