/** What answers on the public port: routes, problem documents, the contract in {@code openapi.yaml}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.http;
