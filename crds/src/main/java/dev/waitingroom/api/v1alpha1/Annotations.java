package dev.waitingroom.api.v1alpha1;

/** Annotations that users set for the operator. */
public final class Annotations {
    /** On a WaitingRoom, with the value true: delete the room although Redis is unreachable. */
    public static final String ABANDON_LINE = "waitingroom.dev/abandon-line";

    /** On a WaitingRoomGateway, with the id of the lost key: create new keys to replace the lost ones. */
    public static final String ACCEPT_LOST_KEYS = "waitingroom.dev/accept-lost-keys";

    private Annotations() {}
}
