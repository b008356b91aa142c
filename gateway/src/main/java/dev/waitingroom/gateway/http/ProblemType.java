package dev.waitingroom.gateway.http;

import java.util.Locale;

/** A kind of problem that a caller may meet. Implemented by enums: a constant's name is part of the contract. */
public interface ProblemType {
    /** The HTTP status. */
    int status();

    String title();

    /** The stable {@code code}. */
    String name();

    /** The {@code type}. */
    String uri();

    /** The type of a code. */
    static String uri(String name) {
        return "urn:waitingroom:problem:" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
