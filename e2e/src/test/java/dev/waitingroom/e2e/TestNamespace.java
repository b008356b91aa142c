package dev.waitingroom.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A namespace of one test class. */
record TestNamespace(Cluster cluster, String name) implements AutoCloseable {
    /** Pods start slowly if many start on two processors. */
    private static final Duration START = Duration.ofMinutes(4);

    void apply(String yaml) {
        cluster.kubectl().apply(name, yaml);
    }

    /** Runs kubectl in this namespace, and expects success. */
    String kubectl(String... arguments) {
        var words = new ArrayList<>(List.of("-n", name));
        words.addAll(List.of(arguments));
        return cluster.kubectl().run(words.toArray(String[]::new));
    }

    /** Waits until the room's whole spec is in force. */
    void awaitRoom(String room) {
        await().atMost(START).until(() -> Ready.room(cluster.room(name, room).get()));
    }

    /** Waits until the gateway serves with this number of pods, all ready and as its spec says. */
    void awaitGateway(String gateway, int pods) {
        await().atMost(START)
                .until(() -> Ready.complete(cluster.gateway(name, gateway).get(), pods)
                        && cluster.pods(name, gateway).stream()
                                        .filter(Readiness::isPodReady)
                                        .count()
                                == pods);
    }

    /** Waits until nothing was written for this long. */
    void awaitQuiet(Duration quiet) {
        var last = new AtomicReference<>(Versions.of(cluster, name));
        await().during(quiet).atMost(quiet.plusSeconds(60)).until(() -> {
            var now = Versions.of(cluster, name);
            return now.equals(last.getAndSet(now));
        });
    }

    /** Deletes the namespace, and waits until everything in it is gone: no finalizer may block. */
    @Override
    public void close() {
        cluster.kubectl().run("delete", "namespace", name, "--timeout=120s");
    }
}
