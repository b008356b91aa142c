@org.jspecify.annotations.NullUnmarked
package dev.waitingroom.chaos.soak;
