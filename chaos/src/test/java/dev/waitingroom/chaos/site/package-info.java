@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.site;
