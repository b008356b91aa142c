package dev.waitingroom.chaos.site;

import dev.waitingroom.chaos.topology.FakeClock;
import dev.waitingroom.chaos.topology.Topology;
import dev.waitingroom.testkit.network.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gateway processes, each behind a proxy through which visitors come, and the first with a clock that can be moved. */
public final class Gateways implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<GatewayChild> gateways = new ArrayList<>();
    private final List<Proxy> doors = new ArrayList<>();
    private final FakeClock clock;

    /**
     * Starts as many; they may not be ready yet. The directory takes their logs.
     *
     * @param fakeClock whether the first one's clock is to be moved
     * @param patch see {@link GatewayChild#start}
     */
    public Gateways(Topology redis, SiteKeys keys, Path directory, int size, boolean fakeClock, Optional<Path> patch) {
        clock = new FakeClock(directory.resolve("gateway.clock"));
        for (int i = 0; i < size; i++) {
            String pod = "pod-" + (i + 1);
            GatewayChild gateway = GatewayChild.start(
                    pod,
                    redis.gateway(i),
                    keys,
                    directory,
                    fakeClock && i == 0 ? clock.environment() : Map.of(),
                    patch);
            gateways.add(gateway);
            doors.add(new Proxy(gateway.uri().getPort()));
        }
    }

    public List<GatewayChild> gateways() {
        return gateways;
    }

    /** What visitors come through, in the order of the gateways. */
    public List<Proxy> doors() {
        return doors;
    }

    /** The first gateway's. */
    public FakeClock clock() {
        return clock;
    }

    /** Where visitors come, in the order of the gateways. */
    public List<URI> addresses() {
        return doors.stream()
                .map(door -> URI.create("http://127.0.0.1:" + door.port()))
                .toList();
    }

    /** Which process is behind an address now. */
    public String processAt(String address) {
        for (int i = 0; i < doors.size(); i++) {
            if (address.endsWith(":" + doors.get(i).port())) {
                return gateways.get(i).name();
            }
        }
        throw new IllegalArgumentException("no gateway at " + address);
    }

    /** Waits until each serves all of these events. */
    public void awaitServe(List<String> events) {
        gateways.forEach(gateway -> awaitServes(gateway, events));
    }

    /** Waits until this one does. */
    public void awaitServes(GatewayChild gateway, List<String> events) {
        events.forEach(event -> gateway.awaitServes(http, event));
    }

    @Override
    public void close() {
        doors.forEach(Proxy::close);
        gateways.forEach(GatewayChild::kill);
        http.close();
    }
}
