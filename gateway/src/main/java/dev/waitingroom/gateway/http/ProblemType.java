package dev.waitingroom.gateway.http;

import java.util.Locale;

/** A kind of problem document. Enums implement it, and the name of a constant is part of the contract. */
public interface ProblemType {
    /** The HTTP status. */
    int status();

    String title();

    /** The stable {@code code}. */
    String name();

    /** The {@code type}. */
    String uri();

    /** The {@code type} for a {@code code}. */
    static String uri(String name) {
        return "urn:waitingroom:problem:" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
