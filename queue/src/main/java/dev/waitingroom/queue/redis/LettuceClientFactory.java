package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.RoomScripts;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Configures Lettuce. A call is answered within {@link RoomScripts#CALL_TIMEOUT} or fails. No call is sent again, since a script sent
 * twice would run twice. No calls queue up while Redis is unreachable, and a failover is followed within about a second.
 */
final class LettuceClientFactory {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration USER_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int MAX_REQUESTS = 4_096;

    private LettuceClientFactory() {}

    static LettuceConnection.Connector of(RedisSettings settings) {
        RedisUrl url = RedisUrl.parse(settings.url());
        List<RedisURI> nodes = configured(url.nodes(), settings);
        ClientResources resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.equalJitter(Duration.ofMillis(50), RETRY, 50, TimeUnit.MILLISECONDS))
                .build();
        if (url.cluster()) {
            RedisClusterClient client = cluster(resources, nodes, settings);
            return new Client(settings.toString(), true, resources, client, new Cluster(client));
        }
        RedisURI uri = nodes.getFirst();
        RedisClient client = single(resources, uri, settings);
        return new Client(
                settings.toString(),
                false,
                resources,
                client,
                uri.getSentinels().isEmpty()
                        ? new Single(client, uri)
                        : new Watched(client, uri, new Sentinels(client, uri)));
    }

    private static RedisClient single(ClientResources resources, RedisURI uri, RedisSettings settings) {
        RedisClient client = RedisClient.create(resources, uri);
        client.setOptions(options(ClientOptions.builder(), settings).build());
        return client;
    }

    private static RedisClusterClient cluster(ClientResources resources, List<RedisURI> nodes, RedisSettings settings) {
        RedisClusterClient client = RedisClusterClient.create(resources, nodes);
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder()
                // Every adaptive trigger is on by itself.
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                        .enablePeriodicRefresh(Duration.ofSeconds(10))
                        .build());
        options(builder, settings);
        client.setOptions(builder.build());
        return client;
    }

    private static <B extends ClientOptions.Builder> B options(B builder, RedisSettings settings) {
        var socket = SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).tcpNoDelay(true);
        if (EpollProvider.isAvailable()) { // otherwise three timeouts in a row do the same, only later
            socket.tcpUserTimeout(TcpUserTimeoutOptions.builder()
                    .enable()
                    .tcpUserTimeout(USER_TIMEOUT)
                    .build());
        }
        builder.socketOptions(socket.build())
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MAX_REQUESTS)
                // A command that only one vendor's service knows, and that a user with the least rights may not send.
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.enabled(RoomScripts.CALL_TIMEOUT));
        if (settings.caFile().isPresent() || settings.client().isPresent()) {
            builder.sslOptions(tls(settings));
        }
        return builder;
    }

    /** Lettuce makes a TLS context for each connection, and so reads the files again that may have been replaced. */
    private static SslOptions tls(RedisSettings settings) {
        SslOptions.Builder tls = SslOptions.builder().jdkSslProvider();
        settings.caFile().ifPresent(file -> tls.trustManager(file.toFile()));
        settings.client()
                .ifPresent(files -> tls.sslContext(context -> {
                    try {
                        ClientIdentity identity = ClientIdentity.read(files);
                        context.keyManager(identity.key(), identity.chainArray());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
        return tls.build();
    }

    /** @param opening opens a connection as this kind of Redis wants it */
    private record Client(
            String target,
            boolean cluster,
            ClientResources resources,
            AbstractRedisClient client,
            Supplier<CompletionStage<LettuceConnection.Session>> opening)
            implements LettuceConnection.Connector {
        @Override
        public CompletionStage<LettuceConnection.Session> open() {
            return opening.get();
        }

        @Override
        public void later(Runnable task) {
            var _ = resources.eventExecutorGroup().schedule(task, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void shutdown() {
            var _ = client.shutdownAsync(0, 1, TimeUnit.SECONDS).whenComplete((done, error) -> {
                var _ = resources.shutdown(0, 1, TimeUnit.SECONDS);
            });
        }
    }

    private record Single(RedisClient client, RedisURI uri)
            implements Supplier<CompletionStage<LettuceConnection.Session>> {
        @Override
        public CompletionStage<LettuceConnection.Session> get() {
            return client.connectAsync(ByteArrayCodec.INSTANCE, uri)
                    .thenApply(connection -> new LettuceConnection.Session(
                            connection, connection.async(), LettuceClientFactory::neverDeposed));
        }
    }

    /** The primary that Sentinels name. A replaced primary that is still alive may take itself for the primary for another ten seconds. */
    private record Watched(RedisClient client, RedisURI uri, Sentinels sentinels)
            implements Supplier<CompletionStage<LettuceConnection.Session>> {
        @Override
        public CompletionStage<LettuceConnection.Session> get() {
            return sentinels.primary().thenCompose(this::connect);
        }

        private CompletionStage<LettuceConnection.Session> connect(Sentinels.Server server) {
            return client.connectAsync(ByteArrayCodec.INSTANCE, at(server))
                    .thenCompose(connection -> sentinels.depose(server).thenCompose(deposed -> {
                        if (deposed) { // while it was connected to
                            var _ = connection.closeAsync();
                            return CompletableFuture.failedFuture(
                                    new RedisException("another server is the primary now"));
                        }
                        return CompletableFuture.completedFuture(new LettuceConnection.Session(
                                connection, connection.async(), () -> sentinels.depose(server)));
                    }));
        }

        /** The URL without its Sentinels. */
        private RedisURI at(Sentinels.Server server) {
            return RedisURI.builder(uri)
                    .withHost(server.host())
                    .withPort(server.port())
                    .build();
        }
    }

    /** Never answered: a Cluster tells of a new primary by MOVED, and a single server has no other. */
    private static CompletionStage<Boolean> neverDeposed() {
        return new CompletableFuture<>();
    }

    private record Cluster(RedisClusterClient client) implements Supplier<CompletionStage<LettuceConnection.Session>> {
        @Override
        public CompletionStage<LettuceConnection.Session> get() {
            // Discovers the nodes anew: the known ones may be gone.
            return client.refreshPartitionsAsync()
                    .thenCompose(refreshed -> client.connectAsync(ByteArrayCodec.INSTANCE))
                    .thenCompose(Cluster::reachPrimaries)
                    .thenApply(connection -> new LettuceConnection.Session(
                            connection, connection.async(), LettuceClientFactory::neverDeposed));
        }

        /** Connects to the primaries in advance: until then the first call to each is refused. Does not wait for an unreachable one. */
        private static CompletionStage<StatefulRedisClusterConnection<byte[], byte[]>> reachPrimaries(
                StatefulRedisClusterConnection<byte[], byte[]> connection) {
            return CompletableFuture.allOf(connection.getPartitions().stream()
                            .filter(node -> node.getRole().isUpstream())
                            .map(RedisClusterNode::getUri) // as slots are looked up, by address
                            .map(uri -> reach(connection, uri))
                            .toArray(CompletableFuture[]::new))
                    .handle((reached, error) -> connection);
        }

        private static CompletableFuture<?> reach(
                StatefulRedisClusterConnection<byte[], byte[]> connection, RedisURI uri) {
            try {
                return connection.getConnectionAsync(uri.getHost(), uri.getPort());
            } catch (RuntimeException e) { // no node of the Cluster any more
                return CompletableFuture.failedFuture(e);
            }
        }
    }

    private static List<RedisURI> configured(List<RedisURI> nodes, RedisSettings settings) {
        for (RedisURI node : nodes) {
            node.setTimeout(CONNECT_TIMEOUT);
            node.setLibraryName(""); // then Lettuce sends no CLIENT SETINFO
            node.setLibraryVersion("");
            settings.servers().ifPresent(credentials -> authenticate(node, credentials));
            node.getSentinels().forEach(sentinel -> {
                // Of its own; the default would wait a minute for a Sentinel that hangs before asking the next.
                sentinel.setTimeout(CONNECT_TIMEOUT);
                settings.sentinels().ifPresent(credentials -> authenticate(sentinel, credentials));
            });
        }
        return nodes;
    }

    private static void authenticate(RedisURI server, Credentials credentials) {
        char[] password = credentials.password().toCharArray();
        credentials
                .username()
                .ifPresentOrElse(
                        user -> server.setAuthentication(user, password), () -> server.setAuthentication(password));
    }
}
