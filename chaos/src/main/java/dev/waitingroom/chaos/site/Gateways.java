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

/** Gateway processes, each behind a proxy for its visitors. The clock of the first one can be moved. */
public final class Gateways implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<GatewayChild> gateways = new ArrayList<>();
    private final List<Proxy> doors = new ArrayList<>();
    private final FakeClock clock;

    /**
     * Starts this number of processes. They may not be ready when the call returns. Their logs go to the directory.
     *
     * @param fakeClock whether the clock of the first one will be moved
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

    /** The proxies for visitors, in the order of the gateways. */
    public List<Proxy> doors() {
        return doors;
    }

    /** The clock of the first gateway. */
    public FakeClock clock() {
        return clock;
    }

    /** The addresses for visitors, in the order of the gateways. */
    public List<URI> addresses() {
        return doors.stream()
                .map(door -> URI.create("http://127.0.0.1:" + door.port()))
                .toList();
    }

    /** The process that is behind an address now. */
    public String processAt(String address) {
        for (int i = 0; i < doors.size(); i++) {
            if (address.endsWith(":" + doors.get(i).port())) {
                return gateways.get(i).name();
            }
        }
        throw new IllegalArgumentException("no gateway at " + address);
    }

    /** Waits until every gateway serves all of these events. */
    public void awaitServe(List<String> events) {
        gateways.forEach(gateway -> awaitServes(gateway, events));
    }

    /** Waits until this gateway serves all of these events. */
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
