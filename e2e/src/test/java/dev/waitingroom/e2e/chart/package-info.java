/** The helm chart as helm renders it, without a cluster. */
@NullMarked
package dev.waitingroom.e2e.chart;

import org.jspecify.annotations.NullMarked;
