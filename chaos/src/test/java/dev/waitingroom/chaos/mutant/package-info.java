/** Deliberate bugs, one at a time. The checker must find each of them in the visitors' answers. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.mutant;
