/** A real Redis for tests: one process, Sentinel or Cluster, on free ports. A test can break it, and closes it at its end. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.redis;
