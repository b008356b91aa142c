package dev.waitingroom.chaos.site;

import com.nimbusds.jose.JOSEException;
import dev.waitingroom.chaos.topology.Kind;
import dev.waitingroom.chaos.topology.Topology;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.testkit.redis.RedisProcess;
import dev.waitingroom.testkit.visitors.Behaviour;
import dev.waitingroom.testkit.visitors.Crowd;
import dev.waitingroom.testkit.visitors.VisitorClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** One kind of Redis, two gateway processes, and a stand-in for the operator. */
public final class Site implements AutoCloseable {
    private final Topology redis;
    private final OperatorHand operator;
    private final SiteKeys keys;
    private final HttpClient http = HttpClient.newHttpClient();
    private final VisitorClient client = new VisitorClient(400, Duration.ofSeconds(6));
    private final List<GatewayChild> gateways;

    /** Starts them. Keys and logs go to the directory. */
    public Site(Path directory, Kind kind) throws IOException, InterruptedException, JOSEException {
        redis = kind.start(directory, 0, false);
        RedisSettings settings = redis.operator();
        operator = new OperatorHand(settings);
        keys = SiteKeys.make(directory.resolve("keys"));
        gateways = List.of(
                GatewayChild.start("pod-1", settings, keys, directory),
                GatewayChild.start("pod-2", settings, keys, directory));
    }

    /** Redis, for faults of single servers. */
    public Topology redis() {
        return redis;
    }

    /** SIGSTOP to every server with data: connections stay, and nothing is answered. */
    public void pauseRedis() {
        redis.servers().forEach(RedisProcess::pause);
    }

    /** SIGCONT, or a restart of a dead server. Redis serves when the call returns. */
    public void healRedis() {
        redis.heal();
    }

    public void flushRedis() {
        redis.primaries().forEach(RedisProcess::flush);
    }

    /** A number of INFO, summed over all primaries. */
    public long redisFigure(String field) {
        return redis.primaries().stream()
                .mapToLong(server -> Long.parseLong(server.info(field)))
                .sum();
    }

    public QueueRedis operator() {
        return operator.redis();
    }

    public List<GatewayChild> gateways() {
        return gateways;
    }

    public List<URI> addresses() {
        return gateways.stream().map(GatewayChild::uri).toList();
    }

    public VisitorClient client() {
        return client;
    }

    public Recorder recorder() {
        return new Recorder(
                keys.tickets(),
                address -> gateways.stream()
                        .filter(gateway -> Recorder.address(gateway.uri()).equals(address))
                        .findFirst()
                        .orElseThrow()
                        .name());
    }

    /** Creates the room, and waits until both gateways serve it. */
    public void open(Policy policy) {
        apply(policy, true);
        awaitServed(policy.eventId());
    }

    public void awaitServed(String eventId) {
        gateways.forEach(gateway -> gateway.awaitServes(http, eventId));
    }

    /** See {@link OperatorHand#apply}. */
    public void apply(Policy policy, boolean newRoom) {
        operator.apply(policy, newRoom);
    }

    public void remove(Policy policy) throws RedisUnavailableException {
        operator.remove(policy);
    }

    public Crowd crowd(Policy policy, Behaviour behaviour, Recorder recorder) {
        return Crowd.start(client, addresses(), policy.eventId(), behaviour, InstantSource.system(), recorder);
    }

    @Override
    public void close() {
        client.close();
        http.close();
        gateways.forEach(GatewayChild::close);
        operator.close();
        redis.close();
    }
}
