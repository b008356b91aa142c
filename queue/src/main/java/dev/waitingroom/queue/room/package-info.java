/** One room as a gateway serves it: snapshot, batches, refresh, recovery. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.room;
