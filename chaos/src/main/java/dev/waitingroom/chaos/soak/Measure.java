package dev.waitingroom.chaos.soak;

/** What is measured of a process, and how much more of it an hour is too much. */
enum Measure {
    /** A JVM's heap goes back to the system late, if at all: much of this is not in use. */
    RESIDENT("resident memory", "MiB", 64),
    /** In use after a collection of everything: what this grows by is kept for good. */
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

    /** The most that it may grow an hour. */
    double limit() {
        return limit;
    }
}
