package dev.waitingroom.gateway.page;

import dev.waitingroom.queue.room.TicketStatus;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a page tells its visitor. The script has the same names. */
public enum PageState {
    /** The visitor has no place yet. */
    JOIN(Place.NONE, Action.JOIN),
    /** The script takes a place. */
    JOINING(Place.NONE, Action.NONE),
    WAITING(Place.SHOWN, Action.NONE),
    /** The turn has come, or the visitor was admitted and may enter again. */
    READY(Place.KEPT, Action.ENTER),
    /** The script enters. */
    ENTERING(Place.KEPT, Action.NONE),
    HOLD(Place.SHOWN, Action.NONE),
    FULL(Place.NONE, Action.RETRY),
    /** A place cannot be given at the moment. */
    BUSY(Place.NONE, Action.RETRY),
    /** Joins are refused. */
    CLOSED(Place.NONE, Action.RETRY),
    /** The place expired, or its turn was missed. */
    LOST(Place.NONE, Action.AGAIN),
    LEFT(Place.NONE, Action.AGAIN),
    /** Redis or the gateway cannot say where the visitor stands. */
    AWAY(Place.SHOWN, Action.NONE),
    /** The browser has no connection. */
    OFFLINE(Place.SHOWN, Action.NONE),
    /** The browser keeps no cookies. */
    COOKIES(Place.NONE, Action.RETRY),
    /** A link of another device was opened. */
    TAKEOVER(Place.NONE, Action.TAKE),
    /** The same, and this device has a place of its own. */
    REPLACE(Place.NONE, Action.TAKE),
    /** The place is on another device. */
    MOVED(Place.NONE, Action.BACK),
    /** A link was used already, or is too old. */
    LINK(Place.NONE, Action.JOIN),
    /** There is no such room, or it was deleted. */
    OVER(Place.NONE, Action.NONE);

    /** What the page shows of the visitor's place. */
    enum Place {
        NONE,
        /** The visitor has one, and need not know where it is. */
        KEPT,
        /** Position, estimate and progress. */
        SHOWN
    }

    /** The main button. */
    enum Action {
        NONE(""),
        JOIN("join"),
        ENTER("enter"),
        AGAIN("join"),
        RETRY("join"),
        TAKE("takeover"),
        BACK("takeback");

        private final String form;

        Action(String form) {
            this.form = form;
        }

        /** The value of the form's field. */
        String form() {
            return form;
        }

        /** The key of the button's text. */
        String text() {
            return "action." + name().toLowerCase(Locale.ROOT);
        }
    }

    private final Place place;
    private final Action action;

    PageState(Place place, Action action) {
        this.place = place;
        this.action = action;
    }

    Place place() {
        return place;
    }

    Action action() {
        return action;
    }

    /** In lower case, as pages and texts have it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<PageState> parse(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label().equals(label))
                .findFirst();
    }

    static PageState of(TicketStatus status) {
        return switch (status.state()) {
            case WAITING -> status.ready() ? READY : status.onHold() ? HOLD : WAITING;
            case ADMITTED -> READY;
            case EXPIRED -> LOST;
            case LEFT -> LEFT;
            case CLOSED -> OVER;
            case MOVED -> MOVED;
        };
    }

    /** The state of a visitor whose place was just found to have ended. */
    static PageState ended(TicketStatus.State state) {
        return switch (state) {
            case LEFT -> LEFT;
            case CLOSED -> OVER;
            case MOVED -> MOVED;
            case EXPIRED, ADMITTED, WAITING -> LOST;
        };
    }
}
