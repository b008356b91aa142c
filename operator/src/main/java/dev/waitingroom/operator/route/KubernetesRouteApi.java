package dev.waitingroom.operator.route;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The real API. Thread-safe. */
final class KubernetesRouteApi implements RouteApi {
    /** How long an answer of the discovery is used. CRDs are installed seldom. */
    private static final Duration DISCOVERY_AGE = Duration.ofMinutes(1);

    private record Discovered(Set<String> plurals, Instant at) {}

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<String, Discovered> discovered = new ConcurrentHashMap<>();

    KubernetesRouteApi(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public boolean isInstalled(ApiKind kind) {
        Instant now = clock.instant();
        return discovered
                .compute(
                        kind.apiVersion(),
                        (version, known) ->
                                known != null && known.at.plus(DISCOVERY_AGE).isAfter(now)
                                        ? known
                                        : new Discovered(discover(version), now))
                .plurals
                .contains(kind.plural());
    }

    private Set<String> discover(String apiVersion) {
        APIResourceList resources = client.getApiResources(apiVersion);
        return resources == null
                ? Set.of()
                : resources.getResources().stream().map(APIResource::getName).collect(Collectors.toSet());
    }

    @Override
    public Optional<GenericKubernetesResource> get(ApiKind kind, String namespace, String name) {
        return Optional.ofNullable(
                kind.context().isNamespaceScoped()
                        ? all(kind).inNamespace(namespace).withName(name).get()
                        : all(kind).withName(name).get());
    }

    @Override
    public List<GenericKubernetesResource> list(ApiKind kind, String namespace, Map<String, String> labels) {
        return all(kind).inNamespace(namespace).withLabels(labels).list().getItems();
    }

    @Override
    public List<GenericKubernetesResource> list(ApiKind kind) {
        return all(kind).list().getItems();
    }

    @Override
    public GenericKubernetesResource apply(ApiKind kind, GenericKubernetesResource wanted, String manager) {
        return resource(kind, wanted).fieldManager(manager).serverSideApply();
    }

    @Override
    public void delete(ApiKind kind, GenericKubernetesResource object) {
        try {
            var _ = resource(kind, object)
                    .lockResourceVersion(object.getMetadata().getResourceVersion())
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    private Resource<GenericKubernetesResource> resource(ApiKind kind, GenericKubernetesResource object) {
        return all(kind).inNamespace(object.getMetadata().getNamespace()).resource(object);
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            all(ApiKind kind) {
        return client.genericKubernetesResources(kind.context());
    }
}
