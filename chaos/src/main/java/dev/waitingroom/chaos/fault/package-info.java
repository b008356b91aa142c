/** What is done to gateways, Redis, networks and policies while visitors come, and what each of it leaves open. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.fault;
