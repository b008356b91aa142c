@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.verify;
