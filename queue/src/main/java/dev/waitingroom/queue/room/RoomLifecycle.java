package dev.waitingroom.queue.room;

/** Whether this process serves a room: not before the line was read, nor after the room was closed or deleted. Thread-safe. */
final class RoomLifecycle {
    private final RoomContext context;
    private final LineReplica line;
    private final Runnable whenUsed;

    private volatile boolean closed;
    private volatile boolean deleted;

    /** @param whenUsed run before each task */
    RoomLifecycle(RoomContext context, LineReplica line, Runnable whenUsed) {
        this.context = context;
        this.line = line;
        this.whenUsed = whenUsed;
    }

    /** This process stops. */
    void close() {
        closed = true;
    }

    /** The room was deleted. */
    void delete() {
        deleted = true;
        closed = true;
    }

    boolean deleted() {
        return deleted;
    }

    /** Runs the task on the room's thread if the room is served, otherwise the other one. */
    void whileServed(Runnable task, Runnable otherwise) {
        whenUsed.run();
        context.run(() -> {
            if (closed || line.published().isEmpty()) {
                otherwise.run();
            } else {
                task.run();
            }
        });
    }

    /** Why a room that was not deleted is not served. */
    Unavailability notServed() {
        return line.loaded() && !context.failing() ? PolicyReader.NO_POLICY : context.unavailable();
    }
}
