/** Settings of the process, from its environment. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.config;
