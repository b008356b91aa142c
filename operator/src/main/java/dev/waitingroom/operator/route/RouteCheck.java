package dev.waitingroom.operator.route;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How a proxy asks a room whether it may pass a request on.
 *
 * @param namespace of the room
 * @param room its name
 * @param eventId its event id, which the check's path contains
 * @param service the gateway's Service, in the same namespace
 * @param clusterDomain the DNS domain of the cluster
 * @param bypassHeaders the headers by which requests enter without waiting
 */
record RouteCheck(
        String namespace,
        String room,
        String eventId,
        String service,
        String clusterDomain,
        List<String> bypassHeaders) {
    /** The public port of the gateway's Service. */
    static final int PORT = 80;

    /** How long a proxy waits for the answer, where it can be told. The gateway answers from memory. */
    static final String TIMEOUT = "2s";

    /** What the gateway reads, besides the bypass headers. Envoy sends no other headers of a request. */
    private static final List<String> HEADERS = List.of(
            "cookie",
            "authorization",
            "accept",
            "sec-fetch-mode",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host");

    /** The answers that a kind of proxy understands. */
    enum Dialect {
        /** 200, 401 or 403. */
        NGINX,
        /** 200, or the answer for the visitor. The request's line is in headers. */
        FORWARD,
        /** 200, or the answer for the visitor. The request's path follows that of the check. */
        ENVOY
    }

    RouteCheck {
        bypassHeaders = List.copyOf(bypassHeaders);
    }

    /** For example /verify/envoy/concert. */
    String path(Dialect dialect) {
        return "/verify/" + dialect.name().toLowerCase(Locale.ROOT) + "/" + eventId;
    }

    /** With the full name of the Service: nginx does not use the search list of its pod. */
    String url(Dialect dialect) {
        return "http://" + host() + path(dialect);
    }

    /** The full name of the gateway's Service. */
    String host() {
        return service + "." + namespace + ".svc." + clusterDomain;
    }

    /** The path of the room's page, on the visitor's host. */
    String page() {
        return "/waiting/" + eventId;
    }

    /** The headers that the check must see, in lower case. */
    List<String> headers() {
        return Stream.concat(HEADERS.stream(), bypassHeaders.stream().map(name -> name.toLowerCase(Locale.ROOT)))
                .distinct()
                .toList();
    }
}
