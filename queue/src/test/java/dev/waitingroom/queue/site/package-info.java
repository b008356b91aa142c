@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.site;
