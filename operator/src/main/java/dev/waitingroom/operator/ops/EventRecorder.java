package dev.waitingroom.operator.ops;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.operator.status.ConditionSet;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes the Events that {@code kubectl describe} shows. An Event is not repeated within {@link #QUIET}, since a reconciler may see an old
 * copy of a status that it has just written. An Event that cannot be written is logged and dropped. Thread-safe.
 */
public final class EventRecorder {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventRecorder.class);
    private static final Duration QUIET = Duration.ofSeconds(30);
    /** The API server accepts 1024 bytes. */
    private static final int MAX_MESSAGE = 900;

    private static final String READY = "Ready";
    private static final String COMPONENT = "waitingroom-operator";

    /** A warning asks a person to look. */
    public enum Kind {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private record Said(String uid, String reason, String message) {}

    private final KubernetesClient client;
    private final String instance;
    private final InstantSource clock;
    private final Map<Said, Instant> said = new ConcurrentHashMap<>();

    /** @param instance the operator's pod */
    public EventRecorder(KubernetesClient client, String instance, InstantSource clock) {
        this.client = client;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * Writes an Event if the condition {@code Ready} has another status or reason than before. {@code Ready} has the reason of the first
     * condition that fails.
     */
    public void readiness(HasMetadata object, List<Condition> before, List<Condition> now) {
        Optional<Condition> ready = ConditionSet.find(now, READY);
        Optional<Condition> old = ConditionSet.find(before, READY);
        if (ready.isPresent()
                && !(old.isPresent()
                        && old.get().status() == ready.get().status()
                        && old.get().reason().equals(ready.get().reason()))) {
            record(
                    object,
                    ready.get().status() == ConditionStatus.FALSE ? Kind.WARNING : Kind.NORMAL,
                    ready.get().reason(),
                    ready.get().message());
        }
    }

    /** Writes a warning when a temporary condition begins. */
    public void beginning(HasMetadata object, String type, List<Condition> before, List<Condition> now) {
        if (ConditionSet.find(before, type).isEmpty()) {
            ConditionSet.find(now, type)
                    .ifPresent(condition -> record(object, Kind.WARNING, type, condition.message()));
        }
    }

    /** Writes an Event. */
    public void record(HasMetadata object, Kind kind, String reason, String message) {
        Instant now = clock.instant();
        said.values().removeIf(at -> at.isBefore(now.minus(QUIET)));
        if (said.putIfAbsent(new Said(object.getMetadata().getUid(), reason, message), now) != null) {
            return;
        }
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        var event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(object.getMetadata().getName() + ".")
                .withNamespace(object.getMetadata().getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(object.getApiVersion())
                .withKind(object.getKind())
                .withNamespace(object.getMetadata().getNamespace())
                .withName(object.getMetadata().getName())
                .withUid(object.getMetadata().getUid())
                .endInvolvedObject()
                .withType(kind.text)
                .withReason(reason)
                .withMessage(message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...")
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withReportingInstance(instance)
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .build();
        try {
            client.v1()
                    .events()
                    .inNamespace(object.getMetadata().getNamespace())
                    .resource(event)
                    .create();
        } catch (KubernetesClientException e) {
            LOGGER.atLevel(ApiErrors.namespaceEnds(e) ? Level.DEBUG : Level.WARN)
                    .addKeyValue(LogKeys.NAMESPACE, object.getMetadata().getNamespace())
                    .addKeyValue(LogKeys.OBJECT, object.getMetadata().getName())
                    .addKeyValue(LogKeys.REASON, reason)
                    .addKeyValue(LogKeys.ERROR, e.getMessage())
                    .log("could not write an Event");
        }
    }
}
