/** Visitors who are not people: an HTTP client of the gateway's API, and crowds of them that join, poll, sleep, leave and enter. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.visitors;
