/** Rules that both the CRD and the gateway have, since neither module may depend on the other. */
@NullMarked
package dev.waitingroom.e2e.settings;

import org.jspecify.annotations.NullMarked;
