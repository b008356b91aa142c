package dev.waitingroom.operator.route;

/** Knows what one kind of proxy takes. Pure. */
interface RouteWriter {
    /** @param proxy one of those that serve the target */
    Planned plan(RouteCheck check, RouteTarget target, Proxy proxy);
}
