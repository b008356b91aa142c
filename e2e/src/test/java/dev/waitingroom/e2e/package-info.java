/** Tests that need a real Kubernetes: the chart, the images and the operator's rights, with visitors in the line. */
@NullMarked
package dev.waitingroom.e2e;

import org.jspecify.annotations.NullMarked;
