/** The WaitingRoom reconciler: policy, place on the gateway's list, status. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.room;
