/** Registers the servlet filter in a Spring Boot application, with its settings as properties. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.spring;
