/** Everything that speaks to Redis: keys, scripts, connection. The only package that imports Lettuce. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.redis;
