/** The WaitingRoomGateway reconciler: keys, pods, Service, size, status. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.gateway;
