package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Rooms that are deleted and at once created again under the same name, as two lines of a script do. Each deletion completes. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecreationIT {
    private static final int NAMES = 8;
    private static final int TIMES = 40;

    /** When the deletion follows the creation: before or after the operator sees the new object. */
    private static final int MAX_LIFE_MS = 400;

    private final Cluster cluster;
    private final TestNamespace namespace;

    RecreationIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("recreation");
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void recreatedRoomsAreDeletedOnRequest() throws Exception {
        try (var people = Executors.newFixedThreadPool(NAMES)) {
            var works = IntStream.range(0, NAMES)
                    .<Callable<Integer>>mapToObj(i -> () -> makeAndDelete("again-" + i))
                    .toList();

            for (var made : people.invokeAll(works)) {
                assertThat(made.get()).isEqualTo(TIMES);
            }
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(cluster.client()
                                .resources(WaitingRoom.class)
                                .inNamespace(namespace.name())
                                .list()
                                .getItems())
                        .isEmpty());
    }

    /** Creates the next room as soon as the name is free. */
    private int makeAndDelete(String name) throws InterruptedException {
        Resource<WaitingRoom> room = cluster.room(namespace.name(), name);
        int made = 0;
        while (made < TIMES) {
            await("another " + name + " can be made")
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> make(name));
            made++;
            Thread.sleep(ThreadLocalRandom.current().nextInt(MAX_LIFE_MS));
            var _ = room.delete();
        }
        return made;
    }

    private boolean make(String name) {
        // The operator handles the object without a gateway, so none is created.
        WaitingRoom room = Serialization.unmarshal(
                Manifests.room(name, "admission: {rate: 1, burst: 1}", "gatewayRef: {name: none}"), WaitingRoom.class);
        room.getMetadata().setNamespace(namespace.name());
        try {
            var _ = cluster.client().resource(room).create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }
}
