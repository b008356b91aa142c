/** How commands write their results into documents. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.report;
