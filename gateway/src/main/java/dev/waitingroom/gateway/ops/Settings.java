package dev.waitingroom.gateway.ops;

import dev.waitingroom.gateway.client.AddressHeader;
import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.IpRange;
import dev.waitingroom.gateway.client.TrustedProxies;
import dev.waitingroom.gateway.client.WebOrigins;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.redis.ClientCertificate;
import dev.waitingroom.queue.redis.Credentials;
import dev.waitingroom.queue.redis.RedisSettings;
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
 * What a gateway process is told by its environment; {@code gateway/README.md} has the table.
 *
 * @param gateway whose rooms it serves
 * @param pod its own name, unique in the gateway
 * @param redis where the line is kept
 * @param keysDir holds {@code ticket-keys.json} and {@code reservation-keys.json}
 * @param bindAddress of both ports
 * @param httpPort of the public port; 0 lets the system choose
 * @param adminPort of metrics and probes; 0 lets the system choose
 * @param drain how long it goes on serving after it was told to stop
 * @param issuer the {@code iss} of reservation tokens
 * @param origins whose pages may call from a browser
 * @param keepAlive how long a connection may be idle between two requests
 * @param clients what clients may take
 */
public record Settings(
        GatewayId gateway,
        String pod,
        RedisSettings redis,
        Path keysDir,
        String bindAddress,
        int httpPort,
        int adminPort,
        Duration drain,
        String issuer,
        WebOrigins origins,
        Duration keepAlive,
        ClientLimits clients) {

    /** How long a connection may be idle where browsers connect by themselves. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

    /**
     * And where proxies do. They must be the ones to close it: what closes first may cut off a request that the other has just sent. They
     * do so after 60 s to 600 s, the longest of Google Cloud's load balancers.
     */
    public static final Duration KEEP_ALIVE_OF_PROXIES = Duration.ofSeconds(620);

    /** @throws SettingsException if a variable is missing or cannot be used; the message names it and says what it should be */
    public static Settings from(Map<String, String> env) {
        Env e = new Env(env);
        ClientLimits clients = clients(e);
        GatewayId gateway = e.required("GATEWAY", "the namespace/name of the WaitingRoomGateway", GatewayId::parse);
        return new Settings(
                gateway,
                e.required("POD_NAME", "the name of this pod, unique in the gateway", Function.identity()),
                redis(e),
                e.required(
                        "KEYS_DIR", "the directory of ticket-keys.json and reservation-keys.json", Settings::directory),
                e.text("BIND_ADDRESS").orElse("0.0.0.0"),
                e.number("HTTP_PORT", 8080, 0, 65_535),
                e.number("ADMIN_PORT", 9090, 0, 65_535),
                Duration.ofSeconds(e.number("DRAIN_SECONDS", 5, 0, 300)),
                e.text("TOKEN_ISSUER").orElse(gateway.toString()),
                origins(e),
                keepAlive(e, clients.proxies()),
                clients);
    }

    private static Duration keepAlive(Env e, TrustedProxies proxies) {
        Duration otherwise = proxies.none() ? KEEP_ALIVE : KEEP_ALIVE_OF_PROXIES;
        return Duration.ofSeconds(e.number("KEEP_ALIVE_SECONDS", (int) otherwise.toSeconds(), 5, 86_400));
    }

    private static WebOrigins origins(Env e) {
        WebOrigins origins = e.parsed(
                        "CORS_ALLOWED_ORIGINS",
                        "web origins by commas, such as https://shop.example, or to *",
                        value -> WebOrigins.of(list(value).toList(), false))
                .orElse(WebOrigins.NONE);
        return e.parsed(
                        "CORS_ALLOW_CREDENTIALS",
                        "true or false; true needs CORS_ALLOWED_ORIGINS by name",
                        value -> new WebOrigins(origins.origins(), bool(value)))
                .orElse(origins);
    }

    private static boolean bool(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + value + "\" is neither true nor false");
        };
    }

    private static ClientLimits clients(Env e) {
        return new ClientLimits(
                e.number(
                        "CLIENT_REQUESTS_PER_SECOND",
                        ClientLimits.REQUESTS_PER_SECOND,
                        0,
                        ClientLimits.MAX_REQUESTS_PER_SECOND),
                new TrustedProxies(
                        e.parsed(
                                        "TRUSTED_PROXIES",
                                        "addresses and CIDR ranges by commas, such as 10.0.0.0/8,fd00::/8",
                                        value -> list(value).map(IpRange::parse).toList())
                                .orElse(List.of()),
                        e.parsed(
                                        "CLIENT_ADDRESS_HEADER",
                                        String.join(" or ", AddressHeader.names()),
                                        AddressHeader::parse)
                                .orElse(AddressHeader.X_FORWARDED_FOR)),
                e.number("MAX_CONNECTIONS", ClientLimits.CONNECTIONS, 10, 1_000_000));
    }

    private static RedisSettings redis(Env e) {
        return new RedisSettings(
                e.required("REDIS_URL", "where Redis is, such as redis://host:6379", RedisSettings::checked),
                e.credentials("REDIS_USERNAME", "REDIS_PASSWORD"),
                e.credentials("REDIS_SENTINEL_USERNAME", "REDIS_SENTINEL_PASSWORD"),
                e.parsed("REDIS_CA_FILE", "a PEM file that can be read", Settings::file),
                e.clientCertificate("REDIS_CERT_FILE", "REDIS_KEY_FILE"));
    }

    private static Path directory(String path) {
        Path dir = Path.of(path);
        if (!Files.isDirectory(dir)) {
            throw new IllegalArgumentException("there is no directory " + path);
        }
        return dir;
    }

    private static Path file(String path) {
        Path file = Path.of(path);
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("there is no readable file " + path);
        }
        return file;
    }

    private static Stream<String> list(String byCommas) {
        return Arrays.stream(byCommas.split(",")).map(String::strip).filter(s -> !s.isEmpty());
    }

    /** The environment, with errors that say which variable and what to do. Empty counts as not set. */
    private record Env(Map<String, String> variables) {
        Optional<String> text(String name) {
            return Optional.ofNullable(variables.get(name)).map(String::strip).filter(s -> !s.isEmpty());
        }

        <T> Optional<T> parsed(String name, String meaning, Function<String, T> parser) {
            return text(name).map(value -> {
                try {
                    return parser.apply(value);
                } catch (IllegalArgumentException e) {
                    throw new SettingsException(
                            name + " cannot be used: " + e.getMessage() + ". Set it to " + meaning + ".");
                }
            });
        }

        <T> T required(String name, String meaning, Function<String, T> parser) {
            return parsed(name, meaning, parser)
                    .orElseThrow(() -> new SettingsException(name + " is not set. Set it to " + meaning + "."));
        }

        Optional<Credentials> credentials(String username, String password) {
            try {
                return Credentials.of(text(username), text(password), password);
            } catch (IllegalArgumentException e) {
                throw new SettingsException(e.getMessage() + ". Set it, or leave out " + username + ".");
            }
        }

        Optional<ClientCertificate> clientCertificate(String certificate, String key) {
            try {
                return ClientCertificate.of(
                        text(certificate).map(Path::of), text(key).map(Path::of), certificate, key);
            } catch (IllegalArgumentException e) {
                throw new SettingsException(e.getMessage() + ". Set both to PEM files that can be read, or neither.");
            }
        }

        int number(String name, int otherwise, int min, int max) {
            String meaning = "a whole number from " + min + " to " + max;
            return parsed(name, meaning, value -> {
                        int n;
                        try {
                            n = Integer.parseInt(value);
                        } catch (NumberFormatException e) {
                            throw new IllegalArgumentException("\"" + value + "\" is not a number", e);
                        }
                        if (n < min || n > max) {
                            throw new IllegalArgumentException(n + " is out of range");
                        }
                        return n;
                    })
                    .orElse(otherwise);
        }
    }
}
