/** The WaitingRoom reconciler: policy, place on the fleet's list, status. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.room;
