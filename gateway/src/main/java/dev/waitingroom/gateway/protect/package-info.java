/** Whether a request may reach a protected service, judged from memory alone: by session, paths, bypass and whether Redis is there. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.protect;
