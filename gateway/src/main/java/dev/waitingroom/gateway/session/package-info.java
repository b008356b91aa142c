/** Admission as a session: the signed cookie of an admitted visitor, the cookies of visitors, and the path to return to. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.session;
