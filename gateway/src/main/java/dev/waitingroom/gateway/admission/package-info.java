/** What the service behind the line sees: reservation tokens, the keys that sign them, and how these are rotated. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.admission;
