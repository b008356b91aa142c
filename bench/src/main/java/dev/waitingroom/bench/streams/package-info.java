/** The load of many streams of events on one gateway process. Start at {@link dev.waitingroom.bench.streams.StreamLoadMain}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.bench.streams;
