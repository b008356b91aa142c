/** What only a real Kubernetes can say: the chart, the images and the operator's rights, with visitors in the line. */
@NullMarked
package dev.waitingroom.e2e;

import org.jspecify.annotations.NullMarked;
