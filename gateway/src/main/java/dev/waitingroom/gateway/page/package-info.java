/** The page of a visitor in line. It works without script: a form, a cookie and a refresh. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.page;
