package dev.waitingroom.chaos.topology;

/** Another Redis, empty at first, at which clients can be pointed instead: as if their URL were changed. */
public interface Spare {
    /** Starts it, without any data. */
    void start();

    /** Points a gateway at it, or back; its connections are cut. */
    void point(int gateway, boolean atSpare);

    /** The same for the operator. */
    void pointOperator(boolean atSpare);
}
