package dev.nixosoperator.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Read-after-write: the informer's cache may be older than what this process wrote itself, and a decision on such an
 * object could repeat what is done. The newer one of the cache and of what was written or read last counts.
 */
final class Freshest<T extends HasMetadata> {
    private final Map<String, T> known = new ConcurrentHashMap<>();

    /** @param cached from the informer's cache */
    T of(T cached) {
        T own = known.get(cached.getMetadata().getUid());
        if (own == null) {
            return cached;
        }
        if (version(own) > version(cached)) {
            return own;
        }
        known.remove(cached.getMetadata().getUid(), own);
        return cached;
    }

    /** @param told as the API server returned it, to a write or to a read */
    void learned(T told) {
        known.put(told.getMetadata().getUid(), told);
    }

    /** The object is gone, or only the cache knows. */
    void forget(T object) {
        known.remove(object.getMetadata().getUid());
    }

    /** Resource versions are opaque by contract, but grow as numbers in every API server; JOSDK relies on it, too. */
    private static long version(HasMetadata object) {
        String version = object.getMetadata().getResourceVersion();
        try {
            return version == null ? 0 : Long.parseLong(version);
        } catch (NumberFormatException opaque) {
            return 0;
        }
    }
}
