/** The two kinds, WaitingRoom and WaitingRoomGateway, as Java values; the CRD YAML is generated from them. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.api.v1alpha1;
