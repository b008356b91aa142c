/** What a room's page and proxy need, and scripts in Redis do not. The operator writes it, and gateways read it. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.site;
