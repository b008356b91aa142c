/** One run: a site, its visitors, faults, and the verdict on what the visitors saw. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.run;
