package dev.waitingroom.queue.room;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.store.GatewayScripts;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports this pod's load and rooms to Redis, for the operator. */
final class PodReporter {
    private static final Logger LOGGER = LoggerFactory.getLogger(PodReporter.class);

    private final GatewayId gateway;
    private final GatewayScripts scripts;
    private final String pod;
    private final String version;
    private final PodLoad load;

    PodReporter(GatewayId gateway, GatewayScripts scripts, String pod, String version, PodLoad load) {
        this.gateway = gateway;
        this.scripts = scripts;
        this.pod = pod;
        this.version = version;
        this.load = load;
    }

    void report(Collection<LiveRoom> rooms) {
        int heldAdmits = rooms.stream().mapToInt(room -> room.figures().held()).sum();
        Map<String, Long> generations = new HashMap<>();
        rooms.forEach(room -> room.policy().ifPresent(policy -> generations.put(room.eventId(), policy.generation())));
        scripts.report(new GatewayScripts.Report(
                        pod,
                        version,
                        load.requestsPerSecond(),
                        load.cpuShare(),
                        load.streamShare(),
                        heldAdmits,
                        generations))
                .whenComplete((done, error) -> {}); // another report follows a failed one; the list tells of an outage
    }

    /** Takes the report back: the pod stops. Waits for Redis' answer, at most this long. */
    void withdraw(Executor executor, Duration atMost) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        executor.execute(() -> scripts.withdraw(pod).whenComplete((done, error) -> gone.complete(null)));
        try {
            gone.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.GATEWAY, gateway)
                    .log("Redis was not told that this pod stops; its report expires by itself");
        }
    }
}
