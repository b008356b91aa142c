package dev.waitingroom.gateway.config;

import dev.waitingroom.gateway.client.AddressHeader;
import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.TrustedProxies;
import dev.waitingroom.gateway.client.WebOrigins;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.redis.RedisVariables;
import dev.waitingroom.queue.settings.Environment;
import dev.waitingroom.queue.settings.SettingsException;
import dev.waitingroom.queue.site.IpRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The settings of a gateway process. {@code docs/reference/settings.md} has a table of them.
 *
 * @param gateway the WaitingRoomGateway whose rooms the process serves
 * @param pod the name of the process, unique in the gateway
 * @param redis where the lines are stored
 * @param keysDir the directory of {@code ticket-keys.json} and {@code reservation-keys.json}
 * @param bindAddress of all ports
 * @param httpPort port of the API; 0 lets the system choose
 * @param adminPort port of metrics and probes; 0 lets the system choose
 * @param grpcPort port of the route check over gRPC, if it is served; 0 lets the system choose
 * @param drain how long the process still serves after SIGTERM
 * @param issuer the {@code iss} of reservation tokens
 * @param origins the web origins whose pages may call from a browser
 * @param keepAlive how long a connection may be idle between two requests
 * @param clients limits for clients
 */
public record Settings(
        GatewayId gateway,
        String pod,
        RedisSettings redis,
        Path keysDir,
        String bindAddress,
        int httpPort,
        int adminPort,
        Optional<Integer> grpcPort,
        Duration drain,
        String issuer,
        WebOrigins origins,
        Duration keepAlive,
        ClientLimits clients) {

    /** How long a connection may be idle if browsers connect directly. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

    /**
     * How long a connection may be idle if proxies connect. The proxy must close first, or the close may cut off a request that it has
     * just sent. Proxies close after 60 s to 600 s; the longest are the load balancers of Google Cloud.
     */
    public static final Duration KEEP_ALIVE_OF_PROXIES = Duration.ofSeconds(620);

    /** @throws SettingsException if a variable is missing or invalid; the message names it and a valid value */
    public static Settings from(Map<String, String> env) {
        return from(new Environment(env));
    }

    /** As above. The environment then has declared all variables of a gateway process but the one of {@link Logging}. */
    public static Settings from(Environment e) {
        GatewayId gateway = e.required(
                "GATEWAY",
                "The WaitingRoomGateway that the process belongs to.",
                "the namespace/name of the WaitingRoomGateway",
                GatewayId::parse);
        String pod = e.required(
                "POD_NAME", "The name of the pod.", "the name of this pod, unique in the gateway", Function.identity());
        RedisSettings redis = RedisVariables.required(e);
        Path keysDir = e.required(
                "KEYS_DIR",
                "Where the signing keys are: JWK Sets whose first key signs. The files are read again when they change.",
                "the directory of ticket-keys.json and reservation-keys.json",
                Settings::directory);
        String bindAddress = e.text("BIND_ADDRESS", "Address of all ports.", "an address of this machine", "0.0.0.0");
        int httpPort = e.number("HTTP_PORT", "Port of the API. 0: any free port.", 8080, 0, 65_535);
        int adminPort = e.number("ADMIN_PORT", "Port of metrics and probes. 0: any free port.", 9090, 0, 65_535);
        Optional<Integer> grpcPort = e.optionalNumber(
                "GRPC_PORT", "Port of the route check over gRPC. Not set: none. 0: any free port.", 0, 65_535);
        Duration drain = Duration.ofSeconds(e.number(
                "DRAIN_SECONDS", "How long it goes on serving after SIGTERM, while `/readyz` answers 503.", 5, 0, 300));
        String issuer = e.text(
                "TOKEN_ISSUER",
                "The `iss` of reservation tokens. Preset: the value of `GATEWAY`.",
                "an issuer",
                gateway.toString());
        WebOrigins origins = origins(e);
        ClientLimits clients = clients(e);
        return new Settings(
                gateway,
                pod,
                redis,
                keysDir,
                bindAddress,
                httpPort,
                adminPort,
                grpcPort,
                drain,
                issuer,
                origins,
                keepAlive(e, clients.proxies()),
                clients);
    }

    private static Duration keepAlive(Environment e, TrustedProxies proxies) {
        Duration preset = proxies.none() ? KEEP_ALIVE : KEEP_ALIVE_OF_PROXIES;
        return Duration.ofSeconds(e.number(
                "KEEP_ALIVE_SECONDS",
                "How long a connection may be idle. Preset with `TRUSTED_PROXIES`: " + KEEP_ALIVE_OF_PROXIES.toSeconds()
                        + ".",
                (int) preset.toSeconds(),
                5,
                86_400));
    }

    private static WebOrigins origins(Environment e) {
        WebOrigins origins = e.parsed(
                        "CORS_ALLOWED_ORIGINS",
                        "Web origins whose pages may call the API from a browser.",
                        "web origins separated by commas, such as https://shop.example, or to *",
                        value -> WebOrigins.of(list(value).toList(), false))
                .orElse(WebOrigins.NONE);
        return e.parsed(
                "CORS_ALLOW_CREDENTIALS",
                "Whether those pages may send cookies, which a proxy in front may need. Not allowed with `*`.",
                "true or false; true needs CORS_ALLOWED_ORIGINS without *",
                value -> new WebOrigins(origins.origins(), Environment.bool(value)),
                origins,
                "false");
    }

    private static ClientLimits clients(Environment e) {
        int requestsPerSecond = e.number(
                "CLIENT_REQUESTS_PER_SECOND",
                "Polls a second from one client address. 0: no limit.",
                ClientLimits.REQUESTS_PER_SECOND,
                0,
                ClientLimits.MAX_REQUESTS_PER_SECOND);
        List<IpRange> proxies = e.parsed(
                        "TRUSTED_PROXIES",
                        "Proxies whose header with the client's address is believed.",
                        "addresses and CIDR ranges separated by commas, such as 10.0.0.0/8,fd00::/8",
                        value -> list(value).map(IpRange::parse).toList())
                .orElse(List.of());
        AddressHeader header = e.parsed(
                "CLIENT_ADDRESS_HEADER",
                "The header in which trusted proxies name the client's address.",
                String.join(" or ", AddressHeader.names()),
                AddressHeader::parse,
                AddressHeader.X_FORWARDED_FOR,
                AddressHeader.X_FORWARDED_FOR.header());
        int connections = e.number(
                "MAX_CONNECTIONS",
                "Open connections, without those of streams.",
                ClientLimits.CONNECTIONS,
                10,
                1_000_000);
        int streams = e.number(
                "MAX_STREAMS",
                "Open streams of events. Above that visitors poll. 0: no streams.",
                ClientLimits.STREAMS,
                0,
                1_000_000);
        return new ClientLimits(requestsPerSecond, new TrustedProxies(proxies, header), connections, streams);
    }

    private static Path directory(String path) {
        Path dir = Path.of(path);
        if (!Files.isDirectory(dir)) {
            throw new IllegalArgumentException("there is no directory " + path);
        }
        return dir;
    }

    private static Stream<String> list(String byCommas) {
        return Arrays.stream(byCommas.split(",")).map(String::strip).filter(s -> !s.isEmpty());
    }
}
