/** What the people who run a gateway see: settings, metrics, health, logs. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.ops;
