package dev.waitingroom.gateway.protect;

import dev.waitingroom.gateway.client.IpAddress;
import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the {@link Gatekeeper} needs to know of a visitor's request. A proxy in front may have told it.
 *
 * @param path as in the request line, without the query; empty if it is unknown, which counts as protected
 * @param headers of the visitor
 * @param client finds the visitor's address; called only if a rule needs it
 * @param secure whether the request came over https
 * @param preflight whether a browser only asks whether it may send the request
 */
public record VisitorRequest(
        String path, MultiMap headers, Supplier<Optional<IpAddress>> client, boolean secure, boolean preflight) {}
