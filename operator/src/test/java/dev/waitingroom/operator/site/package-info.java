@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.site;
