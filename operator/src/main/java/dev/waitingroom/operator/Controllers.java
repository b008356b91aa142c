package dev.waitingroom.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.NamespaceChangeable;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.EventSourceManager;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.controller.ControllerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;

/** The reconcilers as JOSDK runs them: started for some namespaces, extended to more. {@link #serve} is called by one thread at a time. */
final class Controllers {
    private final Operator operator;
    private final List<Reconciler<?>> reconcilers;
    private volatile boolean started;

    /** Does not start yet. */
    Controllers(KubernetesClient client, Metrics metrics, List<Reconciler<?>> reconcilers) {
        this.operator = new Operator(configuration -> configure(configuration, client, metrics));
        this.reconcilers = List.copyOf(reconcilers);
    }

    /**
     * Serves these namespaces from now on.
     *
     * @param namespaces those served until now, and more; empty for all
     */
    void serve(Set<String> namespaces) {
        if (started) {
            extend(namespaces);
        } else {
            reconcilers.forEach(reconciler -> register(reconciler, namespaces));
            operator.start();
            started = true;
        }
    }

    boolean isStarted() {
        return started;
    }

    /** Whether every informer runs. One that has lost the API reconnects by itself; one that has ended does not. */
    boolean areHealthy() {
        return !started
                || operator.getRuntimeInfo().unhealthyEventSources().values().stream()
                        .flatMap(sources -> sources.values().stream())
                        .filter(InformerWrappingEventSourceHealthIndicator.class::isInstance)
                        .map(source -> (InformerWrappingEventSourceHealthIndicator<?>) source)
                        .flatMap(source -> source.informerHealthIndicators().values().stream())
                        .allMatch(InformerHealthIndicator::isRunning);
    }

    /** Stops. Waits some seconds at most for reconciliations that run. */
    void stop() {
        operator.stop();
    }

    private <P extends HasMetadata> void register(Reconciler<P> reconciler, Set<String> namespaces) {
        operator.register(reconciler, configuration -> restrict(configuration, namespaces));
    }

    /**
     * Extends the informers of owned objects before those of the primary objects. Otherwise a gateway whose Deployment is not known yet would
     * be created again. JOSDK's own changeNamespaces stops all work meanwhile, and forgets that running reconciliations have ended.
     */
    private void extend(Set<String> namespaces) {
        List<EventSourceManager<?>> managers = operator.getRegisteredControllers().stream()
                .<EventSourceManager<?>>map(controller -> ((Controller<?>) controller).getEventSourceManager())
                .toList();
        for (EventSourceManager<?> manager : managers) {
            for (EventSource<?, ?> source : manager.getRegisteredEventSources()) {
                if (source instanceof NamespaceChangeable changeable && !(source instanceof ControllerEventSource)) {
                    changeable.changeNamespaces(namespaces);
                }
            }
        }
        managers.forEach(manager -> manager.getControllerEventSource().changeNamespaces(namespaces));
    }

    private static void configure(
            ConfigurationServiceOverrider configuration, KubernetesClient client, Metrics metrics) {
        configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
                // We patch finalizer and status; only the objects of a gateway are applied.
                .withUseSSAToPatchPrimaryResource(false)
                .withMetrics(metrics);
    }

    private static <T extends HasMetadata> void restrict(
            ControllerConfigurationOverrider<T> configuration, Set<String> namespaces) {
        configuration.withRetry(new GenericRetry()
                .setInitialInterval(500)
                .setIntervalMultiplier(2)
                .setMaxInterval(30_000)
                .withoutMaxAttempts());
        if (!namespaces.isEmpty()) {
            configuration.settingNamespaces(namespaces);
        }
    }
}
