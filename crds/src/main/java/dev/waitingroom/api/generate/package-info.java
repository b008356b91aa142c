/** Writes the CRD YAML, at build time only. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.api.generate;
