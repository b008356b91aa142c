/** What visitors call: join, status, admit and leave; and what the gateway tells about itself. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.api;
