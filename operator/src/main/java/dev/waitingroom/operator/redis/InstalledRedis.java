package dev.waitingroom.operator.redis;

/** The Redis that the operator was installed with, for gateways that name none. */
public sealed interface InstalledRedis {
    /** There is none: each gateway must name its own. */
    record None() implements InstalledRedis {}

    /** It is known from the start, and stays as it is. */
    record Fixed(RedisLocation location) implements InstalledRedis {}

    /** A Secret says how to reach it. The operator reads it again and again, so a new password needs no restart. */
    record InSecret(String namespace, String name) implements InstalledRedis {}
}
