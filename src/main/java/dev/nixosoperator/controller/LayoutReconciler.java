package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.DiskLayoutStatus;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.Reason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One layout: checked, rendered, and kept as long as machines use it. */
@ControllerConfiguration(name = "disklayout", finalizerName = Api.LAYOUT_FINALIZER)
public final class LayoutReconciler implements Reconciler<DiskLayout>, Cleaner<DiskLayout> {
    private static final String BY_LAYOUT = "layout";
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(500);
    /** A layout in use is asked again after this; the last machine's end wakes us earlier. */
    private static final Duration IN_USE = Duration.ofMinutes(1);

    private final StatusWriter writer;
    private final RenderedFiles rendered;
    private final EventRecorder events;
    private final InstantSource clock;
    private final Freshest<DiskLayout> freshest = new Freshest<>();
    private Function<DiskLayout, List<String>> users = layout -> List.of();

    LayoutReconciler(KubernetesClient client, StatusWriter writer, EventRecorder events, InstantSource clock) {
        this.writer = writer;
        this.rendered = new RenderedFiles(client);
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, DiskLayout>> prepareEventSources(EventSourceContext<DiskLayout> context) {
        InformerEventSource<NixosMachine, DiskLayout> machines = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(NixosMachine.class, DiskLayout.class)
                        .withName("machines-of-layouts")
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(LayoutReconciler::layoutOf)
                        .withPrimaryToSecondaryMapper(layout -> Set.of())
                        .withOnUpdateFilter((now, before) -> !layoutOf(now).equals(layoutOf(before)))
                        .build(),
                context);
        machines.addIndexers(Map.of(BY_LAYOUT, machine -> layoutOf(machine).stream()
                .map(LayoutReconciler::path)
                .toList()));
        users = layout -> machines.byIndex(BY_LAYOUT, path(ResourceID.fromResource(layout))).stream()
                .map(machine -> machine.getMetadata().getName())
                .sorted()
                .toList();
        return List.of(machines);
    }

    private static Set<ResourceID> layoutOf(NixosMachine machine) {
        LocalRef ref = Stored.isReadable(machine) ? machine.getSpec().diskLayoutRef() : null;
        return ref == null
                ? Set.of()
                : Set.of(new ResourceID(ref.name(), machine.getMetadata().getNamespace()));
    }

    private static String path(ResourceID id) {
        return id.getNamespace().orElse("") + "/" + id.getName();
    }

    // An Error that escapes would keep JOSDK from ever calling for this object again.
    @Override
    public UpdateControl<DiskLayout> reconcile(DiskLayout cached, Context<DiskLayout> context) {
        try {
            DiskLayout layout = freshest.of(cached);
            LayoutCheck check =
                    Stored.isReadable(layout) ? LayoutCheck.of(layout.getSpec().devices()) : LayoutCheck.unreadable();
            Rendering rendering = check.layout() == null ? null : Rendering.of(check.layout());
            DiskLayout stored = writer.write(layout, status(layout, check, rendering));
            freshest.learned(stored);
            return UpdateControl.noUpdate();
        } catch (StatusWriter.ConflictException changed) {
            freshest.forget(cached);
            return UpdateControl.<DiskLayout>noUpdate().rescheduleAfter(AFTER_CONFLICT);
        } catch (Error e) {
            throw new IllegalStateException(e);
        }
    }

    private DiskLayoutStatus status(DiskLayout layout, LayoutCheck check, @Nullable Rendering rendering) {
        DiskLayoutStatus before = layout.getStatus();
        long generation = layout.getMetadata().getGeneration();
        Conditions conditions =
                new Conditions(before == null ? List.of() : before.conditions(), clock.instant(), generation);
        if (rendering != null) {
            conditions.setTrue(Types.READY, Types.SUCCEEDED, rendering.told());
            boolean root = check.summary().contains("/");
            conditions.setTrue(
                    Types.VALID, "Valid", "no mistake was found" + (root ? "" : "; a machine needs a root, too"));
        } else {
            String reason = Reason.DiskLayoutInvalid.name();
            conditions.setFalse(Types.READY, reason, check.problem());
            conditions.setTrue(Types.STALLED, reason, check.problem());
            conditions.setFalse(Types.VALID, reason, check.problem());
        }
        LocalRef files = rendering == null ? null : rendered.write(layout, rendering);
        return new DiskLayoutStatus(
                generation, check.hash(), users.apply(layout).size(), check.summary(), files, conditions.list());
    }

    @Override
    public DeleteControl cleanup(DiskLayout layout, Context<DiskLayout> context) {
        List<String> machines = users.apply(layout);
        if (machines.isEmpty()) {
            freshest.forget(layout);
            return DeleteControl.defaultDelete();
        }
        String names = String.join(
                ", ",
                Stream.concat(machines.stream().limit(10), machines.size() > 10 ? Stream.of("…") : Stream.empty())
                        .toList());
        String message = "deleted once no machine uses it any more; still in use by " + names;
        return held(layout, message);
    }

    private DeleteControl held(DiskLayout cached, String message) {
        DiskLayout layout = freshest.of(cached);
        DiskLayoutStatus before = Objects.requireNonNullElse(
                layout.getStatus(), new DiskLayoutStatus(null, null, null, List.of(), null, List.of()));
        Conditions conditions = new Conditions(
                before.conditions(), clock.instant(), layout.getMetadata().getGeneration());
        conditions.setFalse(Types.READY, "InUse", message);
        conditions.setTrue(Types.STALLED, "InUse", message);
        try {
            DiskLayout stored = writer.write(
                    layout,
                    new DiskLayoutStatus(
                            before.observedGeneration(),
                            before.hash(),
                            users.apply(layout).size(),
                            before.summary(),
                            before.renderedRef(),
                            conditions.list()));
            if (!stored.getMetadata()
                    .getResourceVersion()
                    .equals(layout.getMetadata().getResourceVersion())) {
                events.publish(stored, List.of(Happening.warning("InUse", message)));
            }
            freshest.learned(stored);
        } catch (StatusWriter.ConflictException changed) {
            freshest.forget(cached);
        }
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(IN_USE.toMillis());
    }
}
