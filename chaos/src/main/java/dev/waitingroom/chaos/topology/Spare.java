package dev.waitingroom.chaos.topology;

/** Another Redis, empty at first, to which clients can be moved as if their URL had changed. */
public interface Spare {
    /** Starts it, without data. */
    void start();

    /** Moves a gateway to it, or back. The connections of the gateway are cut. */
    void point(int gateway, boolean atSpare);

    /** Moves the operator to it, or back. */
    void pointOperator(boolean atSpare);
}
