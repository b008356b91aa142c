/** What it costs a gateway process to proxy a request, measured by {@link ProxyLoad}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.bench.proxy;
