package dev.waitingroom.chaos.topology;

import dev.waitingroom.queue.redis.Credentials;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.network.Proxy;
import dev.waitingroom.testkit.redis.FreePorts;
import dev.waitingroom.testkit.redis.RedisProcess;
import dev.waitingroom.testkit.redis.RedisTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** One server, with a proxy in front of it for each gateway. */
final class SingleTopology implements Topology, Spare {
    private static final String USER = "rooms";
    private static final String PASSWORD = "secret";

    private final Kind kind;
    private final RedisProcess server;
    private final FakeClock clock;
    private final Optional<RedisTls> tls;
    private final int port;
    private final List<Proxy> links;
    private final Path executable;
    private final Optional<Proxy> operatorLink;
    private Optional<RedisProcess> spare = Optional.empty();
    private int sparePort;

    SingleTopology(Kind kind, Path executable, Path directory, int gateways, boolean fakeClock)
            throws IOException, InterruptedException {
        this.kind = kind;
        this.executable = executable;
        clock = new FakeClock(directory.resolve("redis.clock"));
        int plain = FreePorts.next();
        tls = kind == Kind.TLS
                ? Optional.of(RedisTls.make(Files.createDirectories(directory.resolve("certificates"))))
                : Optional.empty();
        port = tls.isPresent() ? FreePorts.next() : plain;
        server = RedisProcess.startOn(executable, fakeClock ? clock.environment() : Map.of(), plain, config(port));
        links = IntStream.range(0, gateways).mapToObj(i -> new Proxy(port)).toList();
        operatorLink = gateways > 0 ? Optional.of(new Proxy(port)) : Optional.empty();
    }

    private String[] config(int tlsPort) {
        List<String> config = new ArrayList<>();
        if (kind == Kind.AOF) {
            config.addAll(List.of("appendonly yes", "appendfsync everysec"));
        }
        tls.ifPresent(certificates -> {
            config.addAll(certificates.config(tlsPort));
            config.add("user " + USER + " on >" + PASSWORD + " ~wr:* resetchannels -@all +@read +@write +@scripting"
                    + " +@connection +info +time");
        });
        return config.toArray(String[]::new);
    }

    private RedisSettings settings(int at) {
        String scheme = tls.isPresent() ? "rediss" : "redis";
        return new RedisSettings(
                scheme + "://127.0.0.1:" + at,
                tls.map(ignored -> new Credentials(Optional.of(USER), PASSWORD)),
                Optional.empty(),
                tls.map(RedisTls::caFile));
    }

    @Override
    public RedisSettings operator() {
        return settings(operatorLink.map(Proxy::port).orElse(port));
    }

    @Override
    public Optional<Spare> spare() {
        return operatorLink.map(ignored -> this);
    }

    @Override
    public void start() {
        spare.ifPresent(RedisProcess::close);
        int plain = FreePorts.next();
        sparePort = tls.isPresent() ? FreePorts.next() : plain;
        spare = Optional.of(RedisProcess.startOn(executable, plain, config(sparePort)));
    }

    @Override
    public void point(int gateway, boolean atSpare) {
        links.get(gateway).redirect(atSpare ? sparePort : port);
    }

    @Override
    public void pointOperator(boolean atSpare) {
        operatorLink.orElseThrow().redirect(atSpare ? sparePort : port);
    }

    @Override
    public RedisSettings gateway(int index) {
        return settings(links.get(index).port());
    }

    @Override
    public List<Proxy> links() {
        return links;
    }

    @Override
    public List<RedisProcess> primaries() {
        return List.of(server);
    }

    @Override
    public List<RedisProcess> servers() {
        return List.of(server);
    }

    @Override
    public boolean persists() {
        // Data written to the file before the answer survives the process, even if it is not on the disk yet.
        return kind == Kind.AOF;
    }

    @Override
    public Optional<FakeClock> clock() {
        return FakeClock.available() ? Optional.of(clock) : Optional.empty();
    }

    @Override
    public void heal() {
        server.revive();
        links.forEach(Proxy::heal);
    }

    @Override
    public void close() {
        links.forEach(Proxy::close);
        operatorLink.ifPresent(Proxy::close);
        spare.ifPresent(RedisProcess::close);
        server.close();
    }
}
