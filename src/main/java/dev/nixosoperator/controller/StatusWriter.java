package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.DiskLayoutStatus;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.ops.Meters;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * The only writer of status. It replaces the status of exactly the version that the decision rested on: somebody else's
 * write in between is a conflict, not a loss.
 */
final class StatusWriter {
    private final KubernetesClient client;
    private final Fitting fitting;
    private final Meters meters;

    StatusWriter(KubernetesClient client, Meters meters) {
        this.client = client;
        this.fitting = new Fitting(client.getKubernetesSerialization());
        this.meters = meters;
    }

    /** The object changed since it was read; nothing was written. */
    static final class ConflictException extends Exception {
        private static final long serialVersionUID = 1L;

        ConflictException(HasMetadata read) {
            super("%s/%s has changed since version %s"
                    .formatted(
                            read.getMetadata().getNamespace(),
                            read.getMetadata().getName(),
                            read.getMetadata().getResourceVersion()));
        }
    }

    /**
     * @return the object as the API server acknowledged it; {@code machine} itself where nothing differs but when it was
     *     seen
     */
    NixosMachine write(NixosMachine machine, NixosMachineStatus status) throws ConflictException {
        NixosMachineStatus stored = machine.getStatus();
        if (status.equals(stored)) {
            return machine;
        }
        NixosMachineStatus fitted = fitting.fit(status, NixosMachineStatus.class);
        return stored != null && fitted.seenAt(stored.lastSeenTime()).equals(stored)
                ? machine
                : replace(machine, new NixosMachine(), fitted);
    }

    /** The same for a layout. */
    DiskLayout write(DiskLayout layout, DiskLayoutStatus status) throws ConflictException {
        DiskLayoutStatus fitted = fitting.fit(status, DiskLayoutStatus.class);
        return fitted.equals(layout.getStatus()) ? layout : replace(layout, new DiskLayout(), fitted);
    }

    /**
     * Where nothing was to be written, and so nothing was acknowledged: the version that the decision rested on must be
     * the newest all the same.
     */
    void confirm(NixosMachine machine) throws ConflictException {
        NixosMachine newest = newest(machine);
        String version = machine.getMetadata().getResourceVersion();
        if (newest == null || !newest.getMetadata().getResourceVersion().equals(version)) {
            throw new ConflictException(machine);
        }
    }

    /** The object as the API server holds it, whatever a cache says; null: it is gone. */
    @Nullable
    NixosMachine newest(NixosMachine machine) {
        NixosMachine read = client.resources(NixosMachine.class)
                .inNamespace(machine.getMetadata().getNamespace())
                .withName(machine.getMetadata().getName())
                .get();
        boolean same = read != null
                && read.getMetadata().getUid().equals(machine.getMetadata().getUid());
        return same ? read : null;
    }

    private <S, T extends CustomResource<?, S>> T replace(T read, T sent, @Nullable S status) throws ConflictException {
        sent.setMetadata(new ObjectMetaBuilder()
                .withNamespace(read.getMetadata().getNamespace())
                .withName(read.getMetadata().getName())
                .withUid(read.getMetadata().getUid())
                .withResourceVersion(read.getMetadata().getResourceVersion())
                .build());
        sent.setStatus(status);
        try {
            T acknowledged = client.resource(sent)
                    .lockResourceVersion(read.getMetadata().getResourceVersion())
                    .updateStatus();
            meters.statusWritten(read.getKind(), "written");
            return acknowledged;
        } catch (KubernetesClientException e) {
            boolean conflict = e.getCode() == HttpURLConnection.HTTP_CONFLICT;
            meters.statusWritten(read.getKind(), conflict ? "conflict" : "error");
            if (conflict) {
                throw new ConflictException(read);
            }
            throw e;
        }
    }
}
