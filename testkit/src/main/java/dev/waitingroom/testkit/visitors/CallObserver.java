package dev.waitingroom.testkit.visitors;

/** Sees every call of a crowd, on the crowd's event loop: it must not block. */
@FunctionalInterface
public interface CallObserver {
    void completed(Call call);
}
