package dev.waitingroom.dev.cluster;

import dev.waitingroom.dev.api.InMemoryApi;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** An API with our two kinds: in memory, or the real one of a kubeconfig. */
public final class LocalCluster implements AutoCloseable {
    private static final List<String> CRDS =
            List.of("waitingrooms.waitingroom.dev", "waitingroomgateways.waitingroom.dev");
    private static final String FIELD_MANAGER = "waitingroom-dev";

    private final Optional<InMemoryApi> memory;
    private final Config config;
    private final KubernetesClient client;
    private final List<CustomResourceDefinition> definitions;

    private LocalCluster(Optional<InMemoryApi> memory, Config config) {
        this.memory = memory;
        this.config = config;
        client = client();
        definitions = CRDS.stream().map(LocalCluster::definition).toList();
        for (CustomResourceDefinition definition : definitions) {
            client.resource(definition)
                    .fieldManager(FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
        }
    }

    /** Starts an API in memory. */
    public static LocalCluster inMemory() {
        InMemoryApi api = InMemoryApi.start();
        return new LocalCluster(
                Optional.of(api),
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(api.uri().toString())
                        .withNamespace("default")
                        .withOnlyHttpWatches(true)
                        .withRequestRetryBackoffLimit(0)
                        .build());
    }

    /** Uses the cluster of a kubeconfig, and installs or updates the two kinds there. */
    public static LocalCluster of(Path kubeconfig) {
        return new LocalCluster(Optional.empty(), Config.fromKubeconfig(kubeconfig.toFile()));
    }

    /** A new client. The caller closes it. */
    public KubernetesClient client() {
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The definitions of the two kinds, rooms first. */
    public List<CustomResourceDefinition> definitions() {
        return definitions;
    }

    /** Whether the cluster itself runs the pods of Deployments. */
    public boolean hasNodes() {
        return !client.nodes().list().getItems().isEmpty();
    }

    @Override
    public void close() {
        client.close();
        memory.ifPresent(InMemoryApi::close);
    }

    private static CustomResourceDefinition definition(String name) {
        String path = "/META-INF/fabric8/" + name + "-v1.yml";
        try (InputStream yaml = Objects.requireNonNull(LocalCluster.class.getResourceAsStream(path), path)) {
            return Serialization.unmarshal(yaml, CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
