package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.ApiRoutes;
import dev.waitingroom.gateway.session.SessionIssuer;

/** What the form does. */
record PageActions(
        JoinAction join, EnterAction enter, LeaveAction leave, HandoverAction handover, TakeoverAction takeover) {
    static PageActions of(
            ApiRoutes.Rooms rooms, SessionIssuer sessions, TakeoverAction takeover, HandoverAction handover) {
        EnterAction enter = new EnterAction(rooms.caller(), sessions);
        return new PageActions(
                new JoinAction(rooms.tickets(), rooms.caller(), enter),
                enter,
                new LeaveAction(rooms.caller()),
                handover,
                takeover);
    }
}
