/** Benchmarks of the times that comments and documents name. Start at {@link dev.waitingroom.bench.BenchMain}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.bench;
