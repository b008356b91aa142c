/** Generates docs/reference from the code: the kinds' schemas, the variables that the processes read, the metrics that they register. */
@NullMarked
package dev.waitingroom.e2e.reference;

import org.jspecify.annotations.NullMarked;
