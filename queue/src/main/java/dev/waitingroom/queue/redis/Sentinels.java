package dev.waitingroom.queue.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The Sentinels of a primary, and the server that they name. All are asked each time, since an isolated one does not know of a failover.
 */
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

    /** What a Sentinel says: a server, or why it names none. */
    private record Vote(Optional<Server> server, String otherwise) {}

    /** The server that most of the answering Sentinels name. Fails if none names one. */
    CompletionStage<Server> primary() {
        return votes().thenApply(votes -> count(votes).entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow(() -> new RedisException("no Sentinel names a primary of " + uri.getSentinelMasterId()
                        + ": " + votes.stream().map(Vote::otherwise).collect(Collectors.joining(", "))))
                .getKey());
    }

    /** Whether more than half of them name another server. A silent one counts for this server. */
    CompletionStage<Boolean> depose(Server server) {
        return votes().thenApply(votes -> count(votes).entrySet().stream()
                .anyMatch(vote -> !vote.getKey().equals(server)
                        && vote.getValue() * 2 > uri.getSentinels().size()));
    }

    private static Map<Server, Long> count(List<Vote> votes) {
        return votes.stream()
                .flatMap(vote -> vote.server().stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private CompletionStage<List<Vote>> votes() {
        var asked = uri.getSentinels().stream().map(this::ask).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(done -> asked.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<Vote> ask(RedisURI sentinel) {
        String who = sentinel.getHost() + ":" + sentinel.getPort();
        return connections
                .compute(
                        sentinel,
                        (same, known) -> known == null || known.isCompletedExceptionally()
                                ? client.connectSentinelAsync(StringCodec.UTF8, sentinel)
                                : known)
                .thenCompose(connection -> connection.async().getMasterAddrByName(uri.getSentinelMasterId()))
                .thenApply(address -> new Vote(
                        Optional.ofNullable(address)
                                .map(InetSocketAddress.class::cast)
                                .map(inet -> new Server(inet.getHostString(), inet.getPort())),
                        who + " does not know it"))
                .exceptionally(error -> new Vote(
                        Optional.empty(),
                        who + " " + LettuceConnection.root(error).getMessage()))
                .completeOnTimeout(
                        new Vote(Optional.empty(), who + " does not answer"),
                        uri.getTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }
}
