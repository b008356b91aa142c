package dev.waitingroom.e2e.reference;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.operator.ops.OperatorMetrics;
import dev.waitingroom.operator.scope.Identity;
import dev.waitingroom.operator.scope.Leases;
import dev.waitingroom.operator.scope.Scope;
import dev.waitingroom.operator.scope.ScopeLoop;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an operator shows Prometheus: its own registry, after everything has happened once that the SDK counts. No cluster is asked. */
final class OperatorScrape {
    private static final String CONTROLLER = "CONTROLLER";

    /** As the SDK gives it. */
    private static final Map<String, Object> METADATA = Map.of(
            Constants.CONTROLLER_NAME,
            CONTROLLER,
            Constants.RESOURCE_GVK_KEY,
            GroupVersionKind.gvkFor(WaitingRoom.class));

    private OperatorScrape() {}

    static String text() {
        try (var metrics = new OperatorMetrics();
                KubernetesClient client =
                        new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            var identity = new Identity("release", "pod");
            var leases = new Leases(client, "default", identity, () -> {});
            try (var loop = new ScopeLoop(Scope.of(Set.of()), client, List.of(), leases, identity, new NoWork())) {
                loop.bindTo(metrics.registry());
                new Operator(configuration -> configuration
                                .withKubernetesClient(client)
                                .withCloseClientOnStop(false)
                                .withMetrics(metrics.reconciliations()))
                        .register(new NoReconciler());
                everything(metrics.reconciliations());
                return metrics.scrape();
            } finally {
                leases.close();
            }
        }
    }

    private static void everything(Metrics metrics) {
        var room = new WaitingRoom();
        room.getMetadata().setNamespace("namespace");
        room.getMetadata().setName("name");
        ResourceID id = ResourceID.fromResource(room);

        metrics.receivedEvent(new ResourceEvent(ResourceAction.ADDED, id, room), METADATA);
        metrics.reconcileCustomResource(room, new FirstAttempt(), METADATA);
        metrics.reconciliationExecutionStarted(room, METADATA);
        timed(metrics, id, "reconcile", false);
        timed(metrics, id, "reconcile", true);
        timed(metrics, id, "cleanup", false);
        timed(metrics, id, "cleanup", true);
        metrics.failedReconciliation(room, new IllegalStateException(), METADATA);
        metrics.reconciliationExecutionFinished(room, METADATA);
        metrics.finishedReconciliation(room, METADATA);
        metrics.cleanupDoneFor(id, METADATA);
    }

    private static void timed(Metrics metrics, ResourceID id, String name, boolean failing) {
        try {
            metrics.timeControllerExecution(new Execution(id, name, failing));
        } catch (Exception expected) {
            if (!failing) {
                throw new AssertionError(expected);
            }
        }
    }

    private record FirstAttempt() implements RetryInfo {
        @Override
        public int getAttemptCount() {
            return 0;
        }

        @Override
        public boolean isLastAttempt() {
            return false;
        }
    }

    private record Execution(ResourceID resourceID, String name, boolean failing)
            implements Metrics.ControllerExecution<String> {
        @Override
        public String controllerName() {
            return CONTROLLER;
        }

        @Override
        public String successTypeName(String result) {
            return result;
        }

        @Override
        public Map<String, Object> metadata() {
            return METADATA;
        }

        @Override
        public String execute() {
            if (failing) {
                throw new IllegalStateException();
            }
            return "done";
        }
    }

    @ControllerConfiguration(name = CONTROLLER)
    private static final class NoReconciler implements Reconciler<WaitingRoom>, Cleaner<WaitingRoom> {
        @Override
        public UpdateControl<WaitingRoom> reconcile(WaitingRoom room, Context<WaitingRoom> context) {
            return UpdateControl.noUpdate();
        }

        @Override
        public DeleteControl cleanup(WaitingRoom room, Context<WaitingRoom> context) {
            return DeleteControl.defaultDelete();
        }
    }

    private static final class NoWork implements ScopeLoop.Work {
        @Override
        public void serve(Set<Scope> scopes) {}

        @Override
        public void release(String namespace) {}

        @Override
        public void failed(RuntimeException why) {}
    }
}
