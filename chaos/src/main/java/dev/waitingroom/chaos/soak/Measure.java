package dev.waitingroom.chaos.soak;

/** The figures of a process, and how much each may grow in an hour. */
enum Measure {
    /** A JVM returns heap to the system late, if at all, so much of this is not in use. */
    RESIDENT("resident memory", "MiB", 64),
    /** In use after a full collection; its growth is memory that is never freed. */
    HEAP("heap after GC", "MiB", 4),
    THREADS("threads", "", 2),
    FILES("open files", "", 10),
    LOG("log", "MiB", 16);

    private final String words;
    private final String unit;
    private final double limit;

    Measure(String words, String unit, double limit) {
        this.words = words;
        this.unit = unit;
        this.limit = limit;
    }

    String words() {
        return words;
    }

    String unit() {
        return unit;
    }

    /** The greatest allowed growth in an hour. */
    double limit() {
        return limit;
    }
}
