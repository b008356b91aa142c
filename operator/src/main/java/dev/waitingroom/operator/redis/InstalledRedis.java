package dev.waitingroom.operator.redis;

/** The Redis of the installation, for gateways that name none. */
public sealed interface InstalledRedis {
    /** The installation has no Redis. Each gateway must name its own. */
    record None() implements InstalledRedis {}

    /** Known from the start, and never changed. */
    record Fixed(RedisLocation location) implements InstalledRedis {}

    /** In a Secret, which the operator reads again regularly. So a new password needs no restart. */
    record InSecret(String namespace, String name) implements InstalledRedis {}
}
