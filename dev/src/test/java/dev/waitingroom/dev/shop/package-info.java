@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.shop;
