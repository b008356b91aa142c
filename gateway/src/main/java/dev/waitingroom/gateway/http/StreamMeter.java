package dev.waitingroom.gateway.http;

/** Receives what happens to streams. Thread-safe, fast. */
public interface StreamMeter {
    void streamOpened();

    void eventSent();

    void streamEnded(StreamEnd why);
}
