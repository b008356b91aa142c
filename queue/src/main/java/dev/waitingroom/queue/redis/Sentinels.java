package dev.waitingroom.queue.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The Sentinels of a primary, and which server they take for it. All are asked each time: one that is cut off knows of no failover. */
final class Sentinels {
    private final RedisClient client;
    private final RedisURI uri;
    private final Map<RedisURI, CompletableFuture<StatefulRedisSentinelConnection<String, String>>> connections =
            new ConcurrentHashMap<>();

    /** @param uri that names them and the primary */
    Sentinels(RedisClient client, RedisURI uri) {
        this.client = client;
        this.uri = uri;
    }

    /** Where a server is reached. */
    record Server(String host, int port) {}

    /** The server that most name of those who answer; fails where none does. */
    CompletionStage<Server> primary() {
        return votes().thenApply(votes -> votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow(() -> new RedisException("no Sentinel names a primary of " + uri.getSentinelMasterId()))
                .getKey());
    }

    /** Whether more than half of them name another server: who does not answer is taken to name this one. */
    CompletionStage<Boolean> depose(Server server) {
        return votes().thenApply(votes -> votes.entrySet().stream()
                .anyMatch(vote -> !vote.getKey().equals(server)
                        && vote.getValue() * 2 > uri.getSentinels().size()));
    }

    private CompletionStage<Map<Server, Long>> votes() {
        var asked = uri.getSentinels().stream().map(this::ask).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(done -> asked.stream()
                        .map(CompletableFuture::join)
                        .flatMap(Optional::stream)
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
    }

    private CompletableFuture<Optional<Server>> ask(RedisURI sentinel) {
        return connections
                .compute(
                        sentinel,
                        (same, known) -> known == null || known.isCompletedExceptionally()
                                ? client.connectSentinelAsync(StringCodec.UTF8, sentinel)
                                : known)
                .thenCompose(connection -> connection.async().getMasterAddrByName(uri.getSentinelMasterId()))
                .thenApply(address -> Optional.ofNullable(address)
                        .map(InetSocketAddress.class::cast)
                        .map(inet -> new Server(inet.getHostString(), inet.getPort())))
                .exceptionally(error -> Optional.empty())
                .completeOnTimeout(Optional.empty(), uri.getTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
}
