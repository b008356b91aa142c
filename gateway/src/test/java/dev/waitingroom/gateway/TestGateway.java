package dev.waitingroom.gateway;

import dev.waitingroom.gateway.admission.Crypto;
import dev.waitingroom.gateway.admission.Keys;
import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.admission.ReservationKeys;
import dev.waitingroom.gateway.admission.ReservationVerifier;
import dev.waitingroom.gateway.api.Health;
import dev.waitingroom.gateway.client.AddressHeader;
import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.TrustedProxies;
import dev.waitingroom.gateway.client.WebOrigins;
import dev.waitingroom.gateway.config.Build;
import dev.waitingroom.gateway.config.Settings;
import dev.waitingroom.gateway.grpc.GrpcPort;
import dev.waitingroom.gateway.http.EventStreams;
import dev.waitingroom.gateway.http.HttpLimits;
import dev.waitingroom.gateway.http.HttpPort;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.gateway.http.StreamClock;
import dev.waitingroom.gateway.metrics.LoadMeter;
import dev.waitingroom.gateway.metrics.Metrics;
import dev.waitingroom.gateway.page.PageRoutes;
import dev.waitingroom.gateway.session.HandoverCodec;
import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.gateway.session.SessionCodec;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.site.IpRange;
import dev.waitingroom.queue.site.PageLogo;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.ticket.TicketCodec;
import dev.waitingroom.queue.ticket.TicketKeys;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** Both ports of a gateway with fake rooms, and a client that keeps all answers. */
public final class TestGateway implements AutoCloseable {
    public static final String ORIGIN = "https://tickets.example";
    private static final int STREAMS = 100;
    private static final List<IpRange> LOOPBACK = List.of(IpRange.parse("127.0.0.0/8"));
    public static final HttpLimits LIMITS = HttpLimits.of(1_000, Duration.ofMinutes(1));

    public final FakeRoomRegistry registry = new FakeRoomRegistry();
    private final TicketKeys ticketKeys = TicketKeys.parse(Keys.set(Keys.ticket("t1")));
    public final TicketCodec tokens = new TicketCodec(ticketKeys);
    public final HandoverCodec handovers = new HandoverCodec(ticketKeys);
    private final SessionCodec sessionCodec = new SessionCodec(ticketKeys);
    public final SessionIssuer sessions = new SessionIssuer(() -> sessionCodec, InstantSource.fixed(FakeRoom.NOW));
    public final Health health =
            new Health(registry::ready, () -> registry.redis().fault());
    public volatile PageSettings pageSettings = PageSettings.DEFAULT;
    public final List<Answer> answers = new CopyOnWriteArrayList<>();
    public final ManualClock clock = new ManualClock();
    public final EventStreams streams;
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Settings settings;
    private final GatewayHttp.Parts parts;
    private Optional<GrpcPort> grpcPort = Optional.empty();
    private final Metrics metrics;
    private final HttpPort publicPort;
    private final HttpPort adminPort;

    public TestGateway() {
        this(LIMITS);
    }

    public TestGateway(HttpLimits limits) {
        this(limits, 0);
    }

    /** @param requestsPerSecond the limit for a client, which X-Forwarded-For names */
    public TestGateway(HttpLimits limits, int requestsPerSecond) {
        this(limits, requestsPerSecond, WebOrigins.of(List.of(ORIGIN), false));
    }

    public TestGateway(WebOrigins origins) {
        this(LIMITS, 0, origins);
    }

    /** With a clock that goes, as a browser's does. */
    public static TestGateway now() {
        return new TestGateway(LIMITS, 0, WebOrigins.NONE, STREAMS, true, LOOPBACK);
    }

    /** That trusts no proxy. */
    public static TestGateway withoutProxies() {
        return new TestGateway(LIMITS, 0, WebOrigins.NONE, STREAMS, false, List.of());
    }

    private TestGateway(HttpLimits limits, int requestsPerSecond, WebOrigins origins) {
        this(limits, requestsPerSecond, origins, STREAMS, false, LOOPBACK);
    }

    /** @param streams that may be open */
    public static TestGateway withStreams(int streams) {
        return new TestGateway(LIMITS, 0, WebOrigins.NONE, streams, false, LOOPBACK);
    }

    /**
     * @param real whether the clocks go, instead of the test moving them
     * @param proxies that are trusted
     */
    private TestGateway(
            HttpLimits limits,
            int requestsPerSecond,
            WebOrigins origins,
            int maxStreams,
            boolean real,
            List<IpRange> proxies) {
        Crypto crypto = Crypto.best();
        ReservationKeys keys = ReservationKeys.parse(Keys.set(Keys.reservation("r1")), crypto);
        settings = new Settings(
                new GatewayId("default", "default"),
                "pod-1",
                RedisSettings.of("redis://unused"),
                Path.of("unused"),
                "127.0.0.1",
                0,
                0,
                Optional.of(0),
                Duration.ZERO,
                "issuer",
                origins,
                limits.keepAlive(),
                new ClientLimits(
                        requestsPerSecond,
                        new TrustedProxies(proxies, AddressHeader.X_FORWARDED_FOR),
                        limits.connections(),
                        maxStreams));
        metrics = new Metrics(registry, new Build("1.2.3"), LoadMeter.ofThisProcess(maxStreams));
        streams = new EventStreams(settings.clients(), metrics, real ? StreamClock.SYSTEM : clock);
        InstantSource clock = real ? InstantSource.system() : InstantSource.fixed(FakeRoom.NOW);
        parts = new GatewayHttp.Parts(
                registry,
                () -> tokens,
                sessions,
                () -> keys,
                new ReservationIssuer("issuer", () -> keys, crypto.executor()),
                new ReservationVerifier("issuer", () -> keys, clock),
                metrics,
                streams,
                health,
                new Build("1.2.3"),
                new PageRoutes(registry, room -> pageSettings, () -> handovers, clock),
                clock);
        publicPort = GatewayHttp.openPublic(vertx, settings, parts, limits);
        adminPort = GatewayHttp.openAdmin(vertx, settings, parts);
    }

    /** All that the public port serves. */
    public List<Route> routes() {
        return GatewayHttp.publicRoutes(parts);
    }

    /**
     * Opens a stream.
     *
     * @param headers name, value, name, value, …
     */
    public EventReader stream(String query, String... headers) {
        return EventReader.open(publicPort.port(), "/api/v1/queue/stream" + query, headers);
    }

    public String token(String eventId) {
        return tokens.encode(FakeRoom.ticket(eventId));
    }

    /**
     * The cookie of a session over plain http, as a browser sends it.
     *
     * @param name the event whose cookie it is
     * @param event the event that the session names
     */
    public String session(String name, String event, long incarnation, Duration lasts) {
        Session session = new Session(
                event,
                incarnation,
                Session.of(FakeRoom.ticket(event), FakeRoom.NOW).id(),
                OptionalLong.of(FakeRoom.ticket(event).number()),
                FakeRoom.NOW);
        String cookie = sessions.renew(session, FakeRoom.NOW.plus(lasts), false);
        return "wr-" + name + cookie.substring(cookie.indexOf('='), cookie.indexOf(';'));
    }

    /** The cookie of an admitted visitor's session over https, as a browser sends it. */
    public String secureSession(String event, Duration lasts) {
        String cookie =
                sessions.renew(Session.of(FakeRoom.ticket(event), FakeRoom.NOW), FakeRoom.NOW.plus(lasts), true);
        return cookie.substring(0, cookie.indexOf(';'));
    }

    /** @param headers name, value, name, value, … */
    public Answer send(String method, String path, String body, String... headers) {
        return send(publicPort.port(), method, path, body, headers);
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    public Answer post(String path, String json, String... headers) {
        return post("application/json", path, json, headers);
    }

    /** Sends a form of the page. */
    public Answer form(String path, String fields, String... headers) {
        return post("application/x-www-form-urlencoded", path, fields, headers);
    }

    private Answer post(String mediaType, String path, String body, String[] headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = mediaType;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("POST", path, body, all);
    }

    public Answer admin(String path, String... headers) {
        return send(adminPort.port(), "GET", path, "", headers);
    }

    public int publicPort() {
        return publicPort.port();
    }

    public int adminPort() {
        return adminPort.port();
    }

    /** The port of the route check over gRPC, which is opened now if it is not open. */
    public synchronized int grpcPort() {
        if (grpcPort.isEmpty()) {
            grpcPort = Optional.of(GatewayGrpc.open(settings.grpcPort().orElseThrow(), settings, parts));
        }
        return grpcPort.get().port();
    }

    /** The default look with a logo of one pixel. */
    public static PageSettings withLogo() {
        byte[] png = Base64.getDecoder()
                .decode(
                        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");
        PageSettings plain = PageSettings.DEFAULT;
        return new PageSettings("Concert", "", plain.colours(), Optional.of(PageLogo.of(png)), Optional.empty());
    }

    private Answer send(int port, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            Answer answer = Answer.of(method, path, client.send(request.build(), BodyHandlers.ofString()));
            answers.add(answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A GET of a path that the HTTP client would not send. */
    public Answer rawGet(String path) {
        return Answer.parse(
                "GET",
                path,
                raw(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends bytes as they are, closes the sending half, and reads until the server closes. */
    public String raw(byte[] bytes) {
        return raw(bytes, true);
    }

    /** Sends text as it is, keeps the sending half open, and reads until the server closes. */
    public String rawAndNoMore(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** The public port. */
    public int port() {
        return publicPort.port();
    }

    /** A new connection to the public port. */
    public Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), publicPort.port());
    }

    private String raw(byte[] bytes, boolean whole) {
        try (Socket socket = connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            if (whole) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        grpcPort.ifPresent(port -> port.close(Duration.ofSeconds(1)));
        publicPort.close(Duration.ofSeconds(1));
        adminPort.close(Duration.ofSeconds(1));
        vertx.close().toCompletionStage().toCompletableFuture().join();
        metrics.close();
        client.close();
    }
}
