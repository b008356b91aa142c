package dev.waitingroom.dev.operator;

import static dev.waitingroom.dev.operator.OperatorSite.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.ConditionStatus;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Credentials of Redis change while the operator runs, and are removed when they are no longer needed. */
class RedisCredentialsIT {
    private static final String COPY = "default-gateway-redis";

    private final OperatorSite site = new OperatorSite();

    @AfterEach
    void stop() {
        site.close();
    }

    /** The limit of the requirement. The operator checks again after 15 s at most. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(100));
    }

    @Test
    void aNewPasswordOfTheOperatorsRedisIsTakenWithoutARestart() {
        user("one");
        site.installRedis(Map.of("url", site.redis().url(), "username", "line", "password", "one"));
        site.applyRoom("concert");
        await().until(() -> entry(COPY, "password").equals(Optional.of("one")));
        await().until(() -> isReachable("default"));
        String template = template();

        user("two");
        site.redis().command("CLIENT", "KILL", "USER", "line");
        await().untilAsserted(() -> assertThat(site.gatewayCondition("default", "RedisReachable"))
                .hasValueSatisfying(condition -> {
                    assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
                    assertThat(condition.message()).contains("WRONGPASS");
                }));
        site.installRedis(Map.of("url", site.redis().url(), "username", "line", "password", "two"));

        await().until(() -> isReachable("default"));
        assertThat(entry(COPY, "password")).contains("two");
        assertThat(template())
                .as("the pods' template must change, so that the pods are replaced")
                .isNotEqualTo(template);
        await().until(() -> site.roomCondition("concert", "PolicySynced")
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .isPresent());
    }

    @Test
    void theOperatorsCredentialsAreGoneOnceAGatewayHasARedisOfItsOwn() {
        site.applyGateway("default", "{}");
        await().until(() -> entry(COPY, "url").isPresent());
        site.client()
                .resource(secret(NAMESPACE, "mine", Map.of("url", site.redis().url())))
                .create();

        site.applyGateway("default", "{redis: {secretRef: {name: mine}}}");

        await().until(() -> find(COPY).isEmpty());
        assertThat(find("mine")).isPresent();
        assertThat(find("default-keys")).isPresent();
        site.applyGateway("default", "{}");
        await().until(() -> entry(COPY, "url").isPresent());
    }

    @Test
    void aSecretOfTheOperatorThatIsMissingIsACondition() {
        site.client().secrets().inNamespace("system").withName("redis").delete();

        site.applyRoom("concert");

        await().untilAsserted(() -> assertThat(site.gatewayCondition("default", "Ready"))
                .hasValueSatisfying(condition -> {
                    assertThat(condition.reason()).isEqualTo("RedisSecretMissing");
                    assertThat(condition.message()).contains("Secret redis", "namespace system");
                }));
    }

    private void user(String password) {
        site.redis().command("ACL", "SETUSER", "line", "reset", "on", ">" + password, "~*", "&*", "+@all");
    }

    private boolean isReachable(String gateway) {
        return site.gatewayCondition(gateway, "RedisReachable")
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .isPresent();
    }

    private String template() {
        return site.deployment("default").orElseThrow().getSpec().getTemplate().toString();
    }

    private Optional<String> entry(String secret, String key) {
        return find(secret).map(Secret::getData).map(data -> data.get(key)).map(OperatorSite::decoded);
    }

    private Optional<Secret> find(String name) {
        return Optional.ofNullable(
                site.client().secrets().inNamespace(NAMESPACE).withName(name).get());
    }

    private static Secret secret(String namespace, String name, Map<String, String> entries) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(entries)
                .build();
    }
}
