/** Pages of the documentation, whose examples tests run. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.docs;
