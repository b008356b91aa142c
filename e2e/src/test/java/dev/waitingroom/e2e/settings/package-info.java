/** What both the CRD and the gateway have to say, since neither module may see the other. */
@NullMarked
package dev.waitingroom.e2e.settings;

import org.jspecify.annotations.NullMarked;
