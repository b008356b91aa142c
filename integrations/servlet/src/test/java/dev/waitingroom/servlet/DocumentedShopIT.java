package dev.waitingroom.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.testkit.docs.DocPage;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reader who does what docs/protect/code.md says, with a real gateway and Redis. */
class DocumentedShopIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path directory;

    private static HttpResponse<String> get(DocumentedSite site, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(site.url() + path))
                .header("Accept", "text/html")
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    @ParameterizedTest
    @EnumSource
    void checksOfThePageShowWhatItSays(ShopKind kind) throws Exception {
        Assumptions.assumeTrue(
                Programs.exists("curl") && Programs.exists("jq"),
                "curl or jq is not on the PATH, so the commands of docs/protect/code.md are not tested; install both");
        String checks = DocumentedSite.PAGE.blockWith("sh", "curl -i");
        assertThat(checks).contains("# 303 to the page", "# 429: a program must join", "# the shop, if nobody waits");

        try (DocumentedSite site = DocumentedSite.open(kind, REDIS.url(), directory)) {
            String printed = bash("set -e\n" + checks.replace("http://shop.example", site.url()));

            assertThat(printed.lines().filter(line -> line.startsWith("HTTP/1.1 ")))
                    .as(printed)
                    .map(line -> line.split(" ", 3)[1])
                    .containsExactly("303", "429", "200");
            assertThat(printed)
                    .containsIgnoringCase("Location: /waiting/concert?return=")
                    .contains("sold /cart");
        }
    }

    @Test
    void webXmlOfThePageFreesWhatItExcludes() throws Exception {
        try (DocumentedSite site = DocumentedSite.open(ShopKind.SERVLET, REDIS.url(), directory)) {
            assertThat(get(site, "/health").body()).isEqualTo("sold /health");
            assertThat(get(site, "/assets/shop.css").body()).isEqualTo("sold /assets/shop.css");
            assertThat(get(site, "/").statusCode()).isEqualTo(303);
            assertThat(get(site, "/waiting/concert").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void dependencyOfThePageIsTheModule() throws IOException {
        String dependency = DocumentedSite.PAGE.blockWith("xml", "<artifactId>waitingroom-servlet<");
        String parent = Files.readString(DocPage.root().resolve("pom.xml"));
        String module = Files.readString(DocPage.root().resolve("integrations/servlet/pom.xml"));

        assertThat(element(dependency, "groupId")).isEqualTo(element(parent, "groupId"));
        assertThat(element(dependency, "version")).isEqualTo(element(parent, "version"));
        assertThat(module).contains("<artifactId>" + element(dependency, "artifactId") + "</artifactId>");
    }

    @Test
    void pageListsTheParametersOfTheFilter() {
        List<String> listed = Pattern.compile("^\\| `(\\w+)` \\| ", Pattern.MULTILINE)
                .matcher(DocumentedSite.PAGE.text())
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(listed).containsExactlyElementsOf(WaitingRoomSettings.NAMES);
    }

    @Test
    void shopOfThePageIsTheExample() throws IOException {
        assertThat(Files.readString(DocPage.root().resolve("examples/express/shop.js")))
                .isEqualTo(DocumentedSite.PAGE.block("js"));
    }

    private static String element(String xml, String name) {
        Matcher element = Pattern.compile("<" + name + ">([^<]*)</").matcher(xml);
        assertThat(element.find()).as(name).isTrue();
        return element.group(1);
    }

    private String bash(String script) throws Exception {
        Path output = directory.resolve("output");
        int status = new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(status).as(printed).isZero();
        return printed;
    }
}
