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
 * Has what is done for objects of one kind and name wait for each other, and nothing be done for one that was let go. The SDK sees to
 * both, but not where a name is used again at once (ADR 0016). Objects of other names are not held up. Thread-safe.
 */
public final class KeyedLock {
    /** @param takers that have it or wait for it */
    private record Turn(Lock lock, int takers) {}

    private final Predicate<HasMetadata> released;
    private final Map<ResourceID, Turn> turns = new ConcurrentHashMap<>();

    /** @param released whether an object was let go: what was done for it may not be done again */
    public KeyedLock(Predicate<HasMetadata> released) {
        this.released = released;
    }

    /**
     * Does the work, alone among all that is done for objects of this name.
     *
     * @return what came of it, or {@code nothing} where the object has been let go by the time that it is its turn
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
        return turns.merge(
                        id, new Turn(new ReentrantLock(), 1), (there, _) -> new Turn(there.lock(), there.takers() + 1))
                .lock();
    }

    private void leave(ResourceID id) {
        turns.computeIfPresent(
                id, (_, there) -> there.takers() == 1 ? null : new Turn(there.lock(), there.takers() - 1));
    }
}
