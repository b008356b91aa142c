package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.client.IpAddress;
import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A proxy asks whether a visitor's request may pass.
 *
 * @param eventId of the room that the proxy names; perhaps of none
 * @param original what the visitor asked for
 * @param headers of the visitor
 * @param client finds the visitor's address; called only if a rule needs it
 * @param secure whether the visitor's request came over https
 */
record Question(
        String eventId,
        OriginalRequest original,
        MultiMap headers,
        Supplier<Optional<IpAddress>> client,
        boolean secure) {}
