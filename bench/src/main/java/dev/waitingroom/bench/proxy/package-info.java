/** What it costs a gateway process to proxy a request ({@link ProxyLoad}), and to check one for another proxy ({@link CheckLoad}). */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.bench.proxy;
