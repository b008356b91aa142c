/** The allowed dependencies between modules and packages. */
@NullMarked
package dev.waitingroom.e2e.architecture;

import org.jspecify.annotations.NullMarked;
