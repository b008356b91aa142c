package dev.waitingroom.testkit.visitors;

/** Receives every call of a crowd, on the event loop of the crowd. It must not block. */
@FunctionalInterface
public interface CallObserver {
    void completed(Call call);
}
