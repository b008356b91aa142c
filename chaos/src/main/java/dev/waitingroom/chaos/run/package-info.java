/** One run: a site, its visitors, faults, and the verdict on the visitors' answers. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.run;
