package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Replaces all pods of a gateway, as a change of its spec does.
 *
 * @param pods the number of its pods
 */
record RollingUpdate(TestNamespace namespace, String gateway, int pods) {
    /** Returns when the new pods serve alone. */
    void run() {
        Set<String> old = names();
        String level = namespace.kubectl("get", "wrg", gateway, "-o", "jsonpath={.spec.logLevel}");
        namespace.kubectl(
                "patch",
                "wrg",
                gateway,
                "--type=merge",
                "-p",
                "{\"spec\": {\"logLevel\": \"" + (level.equals("debug") ? "info" : "debug") + "\"}}");
        await().atMost(SOON).until(() -> !names().equals(old));
        namespace.awaitGateway(gateway, pods);
        assertThat(names()).doesNotContainAnyElementsOf(old);
    }

    private Set<String> names() {
        return namespace.cluster().pods(namespace.name(), gateway).stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toSet());
    }
}
