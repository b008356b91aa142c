package dev.waitingroom.queue.room;

import java.util.ArrayDeque;

/** Admissions a second over a window, from the line's counter. Written by one thread, read by any. */
final class GrantRate {
    private record Look(long micros, long granted) {}

    private final long windowMicros;
    private final ArrayDeque<Look> looks = new ArrayDeque<>();
    private volatile double perSecond;

    GrantRate(long windowMicros) {
        this.windowMicros = windowMicros;
    }

    void observe(long micros, long granted) {
        if (!looks.isEmpty() && (granted < looks.getLast().granted || micros <= looks.getLast().micros)) {
            looks.clear(); // another line
        }
        looks.add(new Look(micros, granted));
        while (looks.size() > 2 && looks.getFirst().micros < micros - windowMicros) {
            looks.remove();
        }
        Look first = looks.getFirst();
        perSecond = micros == first.micros ? 0 : (granted - first.granted) * 1e6 / (micros - first.micros);
    }

    double perSecond() {
        return perSecond;
    }
}
