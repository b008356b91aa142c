@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.network;
