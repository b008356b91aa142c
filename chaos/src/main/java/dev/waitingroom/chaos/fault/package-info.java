/** Faults of gateways, Redis, networks and policies while visitors come, and what each of them allows. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.fault;
