package dev.waitingroom.operator.deletion;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A lock for each object name of one kind, which also skips work for released objects. JOSDK gives both guarantees, except when a name is
 * used again at once (ADR 0016). Objects with other names do not wait. Thread-safe.
 */
public final class KeyedLock {
    /** @param users threads that have the lock or wait for it */
    private record Entry(Lock lock, int users) {}

    private final Predicate<HasMetadata> released;
    private final Map<ResourceID, Entry> locks = new ConcurrentHashMap<>();

    /** @param released whether our finalizer was removed from the object: its work must not be repeated */
    public KeyedLock(Predicate<HasMetadata> released) {
        this.released = released;
    }

    /**
     * Runs the work while no other work for an object of this name runs.
     *
     * @return the result of the work, or {@code nothing} if the object has been released by then
     */
    public <T> T take(HasMetadata object, T nothing, Supplier<T> work) {
        ResourceID id = ResourceID.fromResource(object);
        Lock lock = enter(id);
        lock.lock();
        try {
            return released.test(object) ? nothing : work.get();
        } finally {
            lock.unlock();
            leave(id);
        }
    }

    private Lock enter(ResourceID id) {
        return locks.merge(
                        id, new Entry(new ReentrantLock(), 1), (there, _) -> new Entry(there.lock(), there.users() + 1))
                .lock();
    }

    private void leave(ResourceID id) {
        locks.computeIfPresent(
                id, (_, there) -> there.users() == 1 ? null : new Entry(there.lock(), there.users() - 1));
    }
}
