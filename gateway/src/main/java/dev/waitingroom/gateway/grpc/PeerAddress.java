package dev.waitingroom.gateway.grpc;

import dev.waitingroom.gateway.client.IpAddress;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells a service which address opened the connection of the current call. */
public final class PeerAddress implements ServerInterceptor {
    private static final Context.Key<IpAddress> PEER = Context.key("peer");

    /** The peer of the current call; empty if its address is not numeric. */
    public static Optional<IpAddress> current() {
        return Optional.ofNullable(PEER.get());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Context context = address(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                .map(peer -> Context.current().withValue(PEER, peer))
                .orElseGet(Context::current);
        return Contexts.interceptCall(context, call, headers, next);
    }

    private static Optional<IpAddress> address(@Nullable SocketAddress socket) {
        return socket instanceof InetSocketAddress internet && internet.getAddress() != null
                ? IpAddress.parse(internet.getAddress().getHostAddress())
                : Optional.empty();
    }
}
