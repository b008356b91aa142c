package dev.waitingroom.dev.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the work of deployment controller, scheduler and kubelet for the gateways' Deployments. Each replica is a gateway process with the
 * environment and files of its pod. A dead process is replaced. A changed template is rolled out pod by pod, the new pod first. Level-triggered:
 * it checks everything a few times a second.
 */
public final class Kubelet implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Kubelet.class);
    private static final String POD = "pod";
    private static final long LOOK_MILLIS = 250;
    private static final Duration RESTART_AFTER = Duration.ofSeconds(1);

    /** A running pod, and its template. */
    private record Pod(PodProcess process, String template, PodVolumes volumes, Path directory) {}

    /** A Deployment's pods, oldest first. */
    private static final class Workload {
        private final List<Pod> pods = new ArrayList<>();
        private final List<Pod> ending = new ArrayList<>();
        private List<Integer> ready = List.of();
        private long notBefore = System.nanoTime();
    }

    private final KubernetesClient client;
    private final GatewayCommand command;
    private final PodLog log;
    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<Secret> secrets;
    private final HttpClient probes = HttpClient.newHttpClient();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("kubelet").factory());
    private final Map<String, Workload> workloads = new TreeMap<>();
    private volatile Map<String, List<Integer>> ready = Map.of();
    private final Path directory;

    /** Gets the lines that pods print. */
    @FunctionalInterface
    public interface PodLog {
        void line(String pod, String text);
    }

    private Kubelet(KubernetesClient client, GatewayCommand command, PodLog log) throws IOException {
        this.client = client;
        this.command = command;
        this.log = log;
        directory = Files.createTempDirectory("waitingroom-pods");
        var gateways =
                client.apps().deployments().inAnyNamespace().withLabel("app.kubernetes.io/name", "waitingroom-gateway");
        deployments = gateways.inform();
        secrets = client.secrets().inAnyNamespace().inform();
        var _ = thread.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts it.
     *
     * @param client of the API with the Deployments; not closed here
     */
    public static Kubelet start(KubernetesClient client, GatewayCommand command, PodLog log) {
        try {
            return new Kubelet(client, command, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ports of a Deployment's ready pods. */
    public List<Integer> ready(String namespace, String deployment) {
        return ready.getOrDefault(namespace + "/" + deployment, List.of());
    }

    /** The ports of all ready pods. */
    public List<Integer> ready() {
        return ready.values().stream().flatMap(List::stream).toList();
    }

    /** The running processes, by pod. */
    public synchronized Map<String, Long> pids() {
        return workloads.values().stream()
                .flatMap(workload -> workload.pods.stream())
                .collect(Collectors.toMap(
                        pod -> pod.process.name(), pod -> pod.process.pid(), (a, b) -> a, TreeMap::new));
    }

    /** Ends every pod, and waits for it. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            boolean _ = thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deployments.close();
        secrets.close();
        synchronized (this) {
            List<Pod> all = new ArrayList<>();
            workloads.values().forEach(workload -> {
                all.addAll(workload.pods);
                all.addAll(workload.ending);
            });
            all.forEach(pod -> pod.process.terminate());
            all.forEach(pod -> pod.process.close());
        }
        probes.close();
        Directories.delete(directory);
    }

    private synchronized void look() {
        try {
            var wanted = new TreeMap<String, Deployment>();
            for (Deployment deployment : deployments.getStore().list()) {
                wanted.put(key(deployment), deployment);
            }
            wanted.keySet().forEach(key -> workloads.computeIfAbsent(key, _ -> new Workload()));
            workloads.forEach((key, workload) -> {
                Deployment deployment = wanted.get(key);
                if (deployment == null) {
                    workload.pods.forEach(pod -> end(workload, pod));
                    workload.pods.clear();
                    workload.ready = List.of();
                } else {
                    keep(workload, deployment);
                }
                bury(workload);
            });
            workloads.values().removeIf(workload -> workload.pods.isEmpty() && workload.ending.isEmpty());
            var now = new TreeMap<String, List<Integer>>();
            workloads.forEach((key, workload) -> now.put(key, workload.ready));
            ready = now;
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOGGER.atError().setCause(e).log("could not check the pods");
            }
        }
    }

    private void keep(Workload workload, Deployment deployment) {
        String namespace = deployment.getMetadata().getNamespace();
        int replicas = deployment.getSpec().getReplicas();
        String template = checksum(Serialization.asJson(deployment.getSpec().getTemplate()));

        workload.pods.removeIf(pod -> {
            if (pod.process.isAlive()) {
                pod.volumes.sync(name -> secret(namespace, name));
                return false;
            }
            LOGGER.atWarn()
                    .addKeyValue(POD, pod.process.name())
                    .addKeyValue("exit_code", pod.process.exitCode())
                    .log("pod ended and is replaced");
            Directories.delete(pod.directory);
            workload.notBefore = System.nanoTime() + RESTART_AFTER.toNanos();
            return true;
        });
        Set<Pod> ready = workload.pods.stream()
                .filter(pod -> pod.process.isReady(probes))
                .collect(Collectors.toSet());
        Rollout next = Rollout.next(
                workload.pods.stream()
                        .map(pod -> new Rollout.Member(pod.template.equals(template), ready.contains(pod)))
                        .toList(),
                replicas);
        List<Pod> ended = next.ends().stream().map(workload.pods::get).toList();
        ended.forEach(pod -> end(workload, pod));
        workload.pods.removeAll(ended);
        for (int i = 0; i < next.starts() && System.nanoTime() - workload.notBefore >= 0; i++) {
            start(deployment, template).ifPresent(workload.pods::add);
        }
        workload.ready = workload.pods.stream()
                .filter(ready::contains)
                .map(pod -> pod.process.httpPort())
                .toList();
        report(deployment, workload, template);
    }

    private Optional<Pod> start(Deployment deployment, String template) {
        String namespace = deployment.getMetadata().getNamespace();
        PodSpec spec = deployment.getSpec().getTemplate().getSpec();
        Container container = spec.getContainers().getFirst();
        String name = deployment.getMetadata().getName() + "-" + template + "-"
                + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
        Path home = directory.resolve(name);
        var volumes = new PodVolumes(home, spec);
        Optional<String> missing = volumes.sync(secretName -> secret(namespace, secretName));
        if (missing.isPresent()) {
            LOGGER.atDebug()
                    .addKeyValue(POD, name)
                    .addKeyValue("secret", missing.get())
                    .log("pod waits for a Secret");
            Directories.delete(home);
            return Optional.empty();
        }
        var environment = new TreeMap<String, String>();
        for (EnvVar variable : container.getEnv()) {
            value(variable, namespace, name)
                    .ifPresent(value -> environment.put(variable.getName(), volumes.local(container, value)));
        }
        PodProcess process =
                PodProcess.start(name, command.line(container), environment, home, line -> log.line(name, line));
        LOGGER.atInfo().addKeyValue(POD, name).addKeyValue("pid", process.pid()).log("pod started");
        return Optional.of(new Pod(process, template, volumes, home));
    }

    private Optional<String> value(EnvVar variable, String namespace, String pod) {
        if (variable.getValueFrom() == null) {
            return Optional.ofNullable(variable.getValue());
        }
        var field = variable.getValueFrom().getFieldRef();
        if (field != null) {
            return switch (field.getFieldPath()) {
                case "metadata.name" -> Optional.of(pod);
                case "metadata.namespace" -> Optional.of(namespace);
                default -> throw new IllegalStateException("field " + field.getFieldPath() + " is not known here");
            };
        }
        var reference = variable.getValueFrom().getSecretKeyRef();
        return secret(namespace, reference.getName())
                .map(secret -> secret.getData().get(reference.getKey()))
                .map(base64 -> new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    }

    private void end(Workload workload, Pod pod) {
        LOGGER.atInfo().addKeyValue(POD, pod.process.name()).log("ending a pod");
        pod.process.terminate();
        workload.ending.add(pod);
    }

    private static void bury(Workload workload) {
        workload.ending.removeIf(pod -> {
            if (pod.process.isAlive()) {
                return false;
            }
            Directories.delete(pod.directory);
            return true;
        });
    }

    private void report(Deployment deployment, Workload workload, String template) {
        int updated = (int) workload.pods.stream()
                .filter(pod -> pod.template.equals(template))
                .count();
        int readyNow = workload.ready.size();
        DeploymentStatus status = new DeploymentStatusBuilder()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(workload.pods.size())
                .withUpdatedReplicas(updated)
                .withReadyReplicas(readyNow)
                .withAvailableReplicas(readyNow)
                .build();
        if (status.equals(deployment.getStatus())) {
            return;
        }
        try {
            client.resource(new DeploymentBuilder(deployment)
                            .editMetadata()
                            .withResourceVersion(null)
                            .endMetadata()
                            .withStatus(status)
                            .build())
                    .patchStatus();
        } catch (KubernetesClientException gone) {
            LOGGER.atDebug().setCause(gone).log("could not write the status of a Deployment; trying again");
        }
    }

    private Optional<Secret> secret(String namespace, String name) {
        return Optional.ofNullable(secrets.getStore().getByKey(namespace + "/" + name));
    }

    private static String key(Deployment deployment) {
        return deployment.getMetadata().getNamespace() + "/"
                + deployment.getMetadata().getName();
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
