package dev.nixosoperator.nix;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts paths behind what they refer to, so that they can be registered as they come; the same each time. */
final class ReferenceOrder {
    private final Map<StorePath, NarInfo> infos;

    private ReferenceOrder(Collection<NarInfo> infos) {
        this.infos = infos.stream().collect(Collectors.toMap(NarInfo::path, Function.identity()));
    }

    /** References to others than these do not matter. */
    static Answer<List<NarInfo>, CacheFailure> of(Collection<NarInfo> infos) {
        return new ReferenceOrder(infos).inOrder();
    }

    private Answer<List<NarInfo>, CacheFailure> inOrder() {
        Map<StorePath, Integer> waitsFor = new HashMap<>();
        Map<StorePath, List<NarInfo>> referrers = new HashMap<>();
        Queue<NarInfo> ready =
                new PriorityQueue<>(Comparator.comparing(info -> info.path().base()));
        for (NarInfo info : infos.values()) {
            List<StorePath> before = needed(info);
            waitsFor.put(info.path(), before.size());
            before.forEach(path ->
                    referrers.computeIfAbsent(path, any -> new ArrayList<>()).add(info));
            if (before.isEmpty()) {
                ready.add(info);
            }
        }
        List<NarInfo> order = new ArrayList<>();
        for (NarInfo info = ready.poll(); info != null; info = ready.poll()) {
            order.add(info);
            for (NarInfo referrer : referrers.getOrDefault(info.path(), List.of())) {
                if (waitsFor.merge(referrer.path(), -1, Integer::sum) == 0) {
                    ready.add(referrer);
                }
            }
        }
        Set<StorePath> placed = order.stream().map(NarInfo::path).collect(Collectors.toSet());
        return infos.values().stream()
                .filter(info -> !placed.contains(info.path()))
                .findFirst()
                .<Answer<List<NarInfo>, CacheFailure>>map(info -> Answer.not(cycle(info, placed)))
                .orElseGet(() -> Answer.is(List.copyOf(order)));
    }

    /** What must be there before it. */
    private List<StorePath> needed(NarInfo info) {
        return info.references().stream()
                .filter(path -> infos.containsKey(path) && !path.equals(info.path()))
                .toList();
    }

    /** From any path that could not be placed others lead into the circle, and then round. */
    private CacheFailure cycle(NarInfo unplaced, Set<StorePath> placed) {
        Set<StorePath> passed = new HashSet<>();
        StorePath at = unplaced.path();
        while (passed.add(at)) {
            at = needed(Objects.requireNonNull(infos.get(at))).stream()
                    .filter(path -> !placed.contains(path))
                    .findFirst()
                    .orElseThrow();
        }
        return new CacheFailure.Cycle(at);
    }
}
