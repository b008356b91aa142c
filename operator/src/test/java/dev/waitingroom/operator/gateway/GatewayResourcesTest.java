package dev.waitingroom.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.redis.RedisLocation;
import dev.waitingroom.operator.redis.RedisLocation.ClientPem;
import dev.waitingroom.queue.redis.Credentials;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder is a case: its in-*.yaml must give exactly its out-*.yaml, compared as trees. */
class GatewayResourcesTest {
    private static final Path CASES = Path.of("src/test/resources/dev/waitingroom/operator/gateway/desired");
    private static final int REPLICAS = 3;

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isWhatTheFolderSays(Path folder) throws IOException {
        List<HasMetadata> objects = desired(folder).objects();

        for (HasMetadata object : objects) {
            Path file = folder.resolve(fileOf(object));
            assertThat(file).as(Serialization.asYaml(object)).exists();
            assertThat(tree(Serialization.asYaml(object))).isEqualTo(tree(Files.readString(file)));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("out-")))
                    .containsExactlyInAnyOrderElementsOf(
                            objects.stream().map(GatewayResourcesTest::fileOf).toList());
        }
    }

    @Test
    void restartsPodsForAnotherRedisOnly() {
        var before = new GatewayResources(gateway(), location("redis://a:1", "old"), "image", 2);
        var otherPassword = new GatewayResources(gateway(), location("redis://a:1", "new"), "image", 2);
        var morePods = new GatewayResources(gateway(), location("redis://a:1", "old"), "image", 5);

        var template = before.deployment().getSpec().getTemplate();
        assertThat(otherPassword.deployment().getSpec().getTemplate()).isNotEqualTo(template);
        assertThat(morePods.deployment().getSpec().getTemplate()).isEqualTo(template);
    }

    @Test
    void readsReplacedCertificatesWithoutARestart() {
        var before = new GatewayResources(gateway(), mutual("ca", "certificate", "key"), "image", 2);
        var after = new GatewayResources(gateway(), mutual("ca2", "certificate2", "key2"), "image", 2);
        var without = new GatewayResources(gateway(), location("rediss://a:1", "x"), "image", 2);

        var template = before.deployment().getSpec().getTemplate();
        assertThat(after.deployment().getSpec().getTemplate()).isEqualTo(template);
        assertThat(after.redisSecret()).isNotEqualTo(before.redisSecret());
        assertThat(without.deployment().getSpec().getTemplate()).isNotEqualTo(template);
    }

    private static RedisLocation mutual(String ca, String certificate, String key) {
        RedisLocation without = location("rediss://a:1", "x");
        return new RedisLocation(
                without.url(),
                without.servers(),
                without.sentinels(),
                Optional.of(ca),
                Optional.of(new ClientPem(certificate, key)));
    }

    @Test
    void selectsNothingThatChangesWithTheSpec() {
        assertThat(new GatewayResources(gateway(), location("redis://a:1", "x"), "image", 2)
                        .deployment()
                        .getSpec()
                        .getSelector()
                        .getMatchLabels())
                .isEqualTo(GatewayNames.selector("default"));
        assertThat(GatewayNames.labels("default")).containsAllEntriesOf(GatewayNames.selector("default"));
        assertThat(GatewayNames.selectorText("default").split(",", -1))
                .containsExactlyInAnyOrderElementsOf(GatewayNames.selector("default").entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.toList()));
    }

    private static GatewayResources desired(Path folder) throws IOException {
        JsonNode redis = tree(Files.readString(folder.resolve("in-redis.yaml")));
        return new GatewayResources(
                Serialization.unmarshal(
                        Files.readString(folder.resolve("in-WaitingRoomGateway.yaml")), WaitingRoomGateway.class),
                new RedisLocation(
                        redis.get("url").asText(),
                        Credentials.of(entry(redis, "username"), entry(redis, "password"), "password"),
                        Credentials.of(
                                entry(redis, "sentinelUsername"), entry(redis, "sentinelPassword"), "sentinelPassword"),
                        entry(redis, "ca.crt"),
                        entry(redis, "tls.crt")
                                .map(certificate -> new ClientPem(
                                        certificate, entry(redis, "tls.key").orElseThrow()))),
                "localhost/waitingroom-gateway:0.1.0",
                REPLICAS);
    }

    private static Optional<String> entry(JsonNode redis, String name) {
        return Optional.ofNullable(redis.get(name)).map(JsonNode::asText);
    }

    private static WaitingRoomGateway gateway() {
        return Serialization.unmarshal(
                "apiVersion: waitingroom.dev/v1alpha1\nkind: WaitingRoomGateway\nmetadata: {name: default, namespace: shop, uid: u}",
                WaitingRoomGateway.class);
    }

    private static RedisLocation location(String url, String password) {
        return new RedisLocation(
                url, Optional.of(new Credentials(Optional.empty(), password)), Optional.empty(), Optional.empty());
    }

    private static String fileOf(HasMetadata object) {
        return "out-" + object.getKind() + ".yaml";
    }

    private static JsonNode tree(String yaml) {
        return Serialization.unmarshal(yaml, JsonNode.class);
    }
}
