@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.route;
