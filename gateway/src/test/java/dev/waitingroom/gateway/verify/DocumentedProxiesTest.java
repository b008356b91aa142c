package dev.waitingroom.gateway.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.session.VisitorCookie;
import dev.waitingroom.testkit.docs.DocPage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Envoy and Traefik, as clients that do what these proxies do with the configuration of docs/protect. */
class DocumentedProxiesTest {
    private static final String EVENT = "concert";
    private static final String BROWSER = "text/html,application/xhtml+xml";
    private static final String PAGE = "/waiting/concert?return=%2Fseats%3Frow%3D3";

    private final TestGateway gateway = new TestGateway();
    private final FakeRoom room = gateway.registry.add(EVENT);

    @AfterEach
    void close() {
        gateway.close();
    }

    /** What the visitor's proxy got from the visitor over https. */
    private static Map<String, String> visitor(String... headers) {
        Map<String, String> all = new TreeMap<>();
        all.put("x-forwarded-for", "203.0.113.9");
        all.put("x-forwarded-proto", "https");
        all.put("user-agent", "test");
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return all;
    }

    private String session() {
        return gateway.secureSession(EVENT, Duration.ofMinutes(30));
    }

    /** Sends the method, the path, and of the headers those that the configuration lists, with an empty body. */
    private Answer envoyAsks(String method, String target, Map<String, String> visitor) {
        Map<String, Object> filter = map(yaml("envoy.md", 0).getFirst().get("typed_config"));
        List<String> allowed = new ArrayList<>(List.of("authorization"));
        list(map(filter.get("allowed_headers")).get("patterns"))
                .forEach(pattern -> allowed.add(String.valueOf(map(pattern).get("exact"))));
        String prefix = String.valueOf(map(filter.get("http_service")).get("path_prefix"));
        return gateway.send(method, prefix + target, "", chosen(visitor, allowed));
    }

    /** Sends GET and all headers, with what it knows of the request. */
    private Answer traefikAsks(String method, String target, Map<String, String> visitor) {
        Map<String, Object> forwardAuth = forwardAuth();
        assertThat(forwardAuth).doesNotContainKey("authRequestHeaders");
        Map<String, String> headers = new TreeMap<>(visitor);
        headers.put("x-forwarded-method", method);
        headers.put("x-forwarded-host", "shop.example");
        headers.put("x-forwarded-uri", target);
        return gateway.get(
                URI.create(String.valueOf(forwardAuth.get("address"))).getPath(),
                chosen(headers, List.copyOf(headers.keySet())));
    }

    private static Map<String, Object> forwardAuth() {
        return map(map(yaml("traefik.md", 0).getFirst().get("spec")).get("forwardAuth"));
    }

    private static String[] chosen(Map<String, String> headers, List<String> names) {
        List<String> chosen = new ArrayList<>();
        headers.forEach((name, value) -> {
            if (names.contains(name.toLowerCase(Locale.ROOT))) {
                chosen.add(name);
                chosen.add(value);
            }
        });
        return chosen.toArray(String[]::new);
    }

    @Test
    void envoyLetsAdmittedVisitorsIn() {
        assertThat(envoyAsks("GET", "/seats?row=3", visitor("cookie", session()))
                        .status())
                .isEqualTo(200);
        assertThat(envoyAsks("POST", "/cart", visitor("cookie", session())).status())
                .isEqualTo(200);
        assertThat(envoyAsks("OPTIONS", "/cart", visitor()).status()).isEqualTo(200);
    }

    @Test
    void envoySendsTheOthersToThePage() {
        Answer browser = envoyAsks("GET", "/seats?row=3", visitor("accept", BROWSER, "sec-fetch-mode", "navigate"));
        Answer script = envoyAsks("GET", "/seats?row=3", visitor("accept", BROWSER, "sec-fetch-mode", "cors"));

        assertThat(browser.status()).isEqualTo(303);
        assertThat(browser.header("Location")).isEqualTo(PAGE);
        assertThat(script.status()).isEqualTo(429);
        assertThat(envoyAsks("POST", "/cart", visitor("accept", BROWSER)).status())
                .isEqualTo(429);
    }

    /** Envoy takes 5xx for a failure of the check, and may then let everyone in. */
    @Test
    void envoyNeverSeesAFailure() {
        room.policy = Optional.empty();
        gateway.registry.silence = Duration.ofHours(1);
        assertThat(envoyAsks("GET", "/a", visitor("cookie", session())).status())
                .isEqualTo(429);
        gateway.registry.rooms.clear();
        gateway.registry.ready = false;
        assertThat(envoyAsks("GET", "/a", visitor("cookie", session())).status())
                .isEqualTo(429);
    }

    /** The three products of Envoy need the same settings. */
    @Test
    void envoyGatewayAndIstioAskTheSame() {
        Map<String, Object> filter = map(yaml("envoy.md", 0).getFirst().get("typed_config"));
        List<Object> headers = list(map(filter.get("allowed_headers")).get("patterns")).stream()
                .map(pattern -> Objects.requireNonNull(map(pattern).get("exact")))
                .toList();
        Object prefix = map(filter.get("http_service")).get("path_prefix");
        Map<String, Object> policy =
                map(map(yaml("envoy.md", 2).getFirst().get("spec")).get("extAuth"));
        Map<String, Object> provider =
                map(map(list(yaml("envoy.md", 3).getFirst().get("extensionProviders"))
                                .getFirst())
                        .get("envoyExtAuthzHttp"));

        assertThat(filter.get("failure_mode_allow")).isEqualTo(false);
        assertThat(policy.get("failOpen")).isEqualTo(false);
        assertThat(provider.get("failOpen")).isEqualTo(false);
        assertThat(list(policy.get("headersToExtAuth"))).isEqualTo(headers);
        assertThat(list(provider.get("includeRequestHeadersInCheck")))
                .containsAll(headers)
                .contains("authorization");
        assertThat(map(policy.get("http")).get("path")).isEqualTo(prefix);
        assertThat(provider.get("pathPrefix")).isEqualTo(prefix);
        assertThat(list(provider.get("headersToDownstreamOnDeny"))).contains("location", "retry-after");
    }

    @Test
    void traefikLetsAdmittedVisitorsIn() {
        assertThat(traefikAsks("POST", "/cart", visitor("cookie", session())).status())
                .isEqualTo(200);
        assertThat(traefikAsks("OPTIONS", "/cart", visitor()).status()).isEqualTo(200);
    }

    @Test
    void traefikSendsTheOthersToThePage() {
        Answer browser = traefikAsks("GET", "/seats?row=3", visitor("accept", BROWSER));

        assertThat(browser.status()).isEqualTo(303);
        assertThat(browser.header("Location")).isEqualTo("https://shop.example" + PAGE);
        assertThat(traefikAsks("POST", "/cart", visitor("accept", BROWSER)).status())
                .isEqualTo(429);
    }

    @Test
    void traefikPassesOnTheCookieOfASession() {
        assertThat(list(forwardAuth().get("addAuthCookiesToResponse")))
                .containsExactly(VisitorCookie.SESSION.name(EVENT, true));
    }

    /** The documents of a block of YAML. */
    private static List<Map<String, Object>> yaml(String page, int block) {
        List<Map<String, Object>> documents = new ArrayList<>();
        new Yaml().loadAll(DocPage.read(page).blocks("yaml").get(block)).forEach(one -> documents.add(map(one)));
        return documents;
    }

    @SuppressWarnings("unchecked") // a YAML mapping
    private static Map<String, Object> map(@Nullable Object node) {
        return (Map<String, Object>) Objects.requireNonNull(node);
    }

    @SuppressWarnings("unchecked") // a YAML sequence
    private static List<Object> list(@Nullable Object node) {
        return (List<Object>) Objects.requireNonNull(node);
    }
}
