/** A gRPC server that knows no queue. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.grpc;
