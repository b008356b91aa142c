package dev.waitingroom.gateway.http;

import io.vertx.core.buffer.Buffer;

/**
 * A server-sent event (WHATWG HTML, 9.2). No part may have a line end.
 *
 * @param name the type that a client listens to
 * @param id what the client sends as Last-Event-ID when it connects again
 * @param data UTF-8
 */
public record ServerSentEvent(String name, String id, Buffer data) {
    private static final int FIELD_NAMES = 24;

    Buffer wire() {
        return Buffer.buffer(FIELD_NAMES + id.length() + name.length() + data.length())
                .appendString("id: ")
                .appendString(id)
                .appendString("\nevent: ")
                .appendString(name)
                .appendString("\ndata: ")
                .appendBuffer(data)
                .appendString("\n\n");
    }
}
