package dev.waitingroom.gateway.http;

/** Why a stream ended. */
public enum StreamEnd {
    /** Its feed has no more events. */
    COMPLETE,
    /** The client closed the connection, or it broke. */
    CLIENT_GONE,
    /** The client did not read what was sent. */
    SLOW_CLIENT,
    /** This process shuts down. */
    DRAINED,
    /** Its feed failed. */
    FAILED
}
