/** The generated YAML is what the model and the design say. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.api;
