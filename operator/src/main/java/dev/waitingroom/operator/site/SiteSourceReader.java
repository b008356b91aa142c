package dev.waitingroom.operator.site;

import dev.waitingroom.api.v1alpha1.Page;
import dev.waitingroom.api.v1alpha1.Page.ConfigMapKey;
import dev.waitingroom.api.v1alpha1.Protect;
import dev.waitingroom.api.v1alpha1.Protect.SecretKey;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.operator.site.SiteSources.Content;
import dev.waitingroom.operator.site.SiteSources.ServiceState;
import dev.waitingroom.operator.site.SiteSources.Value;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Service, the ConfigMaps and the Secret that a room names, by name and every {@link #PERIOD}. An informer would need the right to read all
 * ConfigMaps, and would keep all of them in memory. Thread-safe.
 */
public final class SiteSourceReader {
    /** How soon a change is noticed. */
    public static final Duration PERIOD = Duration.ofSeconds(10);

    private static final String EXTERNAL_NAME = "ExternalName";
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<String, Read> last = new ConcurrentHashMap<>();

    private record Read(@Nullable Protect protect, @Nullable Page page, Instant at, SiteSources sources) {}

    public SiteSourceReader(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Whether the room names objects that may change without an event. */
    public static boolean mustLookAgain(WaitingRoom room) {
        Page page = room.getSpec().page();
        return room.getSpec().protect() != null || (page != null && (page.logo() != null || page.template() != null));
    }

    /** What the API server has, at most {@link #PERIOD} old. Knows nothing of other rooms. */
    public SiteSources read(WaitingRoom room) {
        if (!mustLookAgain(room)) {
            last.remove(room.getMetadata().getUid());
            return SiteSources.NONE;
        }
        Protect protect = room.getSpec().protect();
        Page page = room.getSpec().page();
        Instant now = clock.instant();
        return last.compute(
                        room.getMetadata().getUid(),
                        (uid, known) -> known != null
                                        && Objects.equals(known.protect, protect)
                                        && Objects.equals(known.page, page)
                                        && known.at.plus(PERIOD).isAfter(now)
                                ? known
                                : new Read(
                                        protect,
                                        page,
                                        now,
                                        read(room.getMetadata().getNamespace(), protect, page)))
                .sources;
    }

    /** The room is deleted. */
    public void forget(WaitingRoom room) {
        last.remove(room.getMetadata().getUid());
    }

    private SiteSources read(String namespace, @Nullable Protect protect, @Nullable Page page) {
        return new SiteSources(
                Optional.ofNullable(protect)
                        .map(Protect::service)
                        .map(named -> service(namespace, named))
                        .orElseGet(ServiceState.Missing::new),
                Optional.ofNullable(page).map(Page::logo).map(key -> value(namespace, key)),
                Optional.ofNullable(page).map(Page::template).map(key -> value(namespace, key)),
                Optional.ofNullable(protect)
                        .map(named -> named.bypass().signedLinks())
                        .map(key -> value(namespace, key)),
                Optional.empty());
    }

    private ServiceState service(String namespace, Protect.Service named) {
        Service service =
                client.services().inNamespace(namespace).withName(named.name()).get();
        if (service == null) {
            return new ServiceState.Missing();
        }
        if (EXTERNAL_NAME.equals(service.getSpec().getType())) {
            return new ServiceState.Ready(service.getSpec().getExternalName());
        }
        String ports = service.getSpec().getPorts().stream()
                .map(port -> String.valueOf(port.getPort()))
                .collect(Collectors.joining(", "));
        if (!List.of(ports.split(", ", -1)).contains(String.valueOf(named.port()))) {
            return new ServiceState.PortMissing(ports);
        }
        String host = named.name() + "." + namespace + ".svc";
        return hasEndpoints(namespace, named.name())
                ? new ServiceState.Ready(host)
                : new ServiceState.NoEndpoints(host);
    }

    private boolean hasEndpoints(String namespace, String service) {
        return client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SERVICE_NAME, service)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> Stream.ofNullable(slice.getEndpoints())) // absent where no pod matches
                .flatMap(List::stream)
                .anyMatch(endpoint -> endpoint.getConditions() == null
                        || !Boolean.FALSE.equals(endpoint.getConditions().getReady()));
    }

    private Value value(String namespace, SecretKey named) {
        Secret secret =
                client.secrets().inNamespace(namespace).withName(named.secret()).get();
        if (secret == null) {
            return new Value.Missing("Secret " + named.secret() + " does not exist. Create it");
        }
        if (secret.getData() != null && secret.getData().containsKey(named.key())) {
            return new Value.Found(
                    new Content(Base64.getMimeDecoder().decode(secret.getData().get(named.key()))));
        }
        return new Value.Missing("Secret " + named.secret() + " has no key " + named.key() + ". Add it");
    }

    private Value value(String namespace, ConfigMapKey named) {
        ConfigMap map = client.configMaps()
                .inNamespace(namespace)
                .withName(named.configMap())
                .get();
        if (map == null) {
            return new Value.Missing("ConfigMap " + named.configMap() + " does not exist. Create it");
        }
        if (map.getBinaryData() != null && map.getBinaryData().containsKey(named.key())) {
            return new Value.Found(new Content(
                    Base64.getMimeDecoder().decode(map.getBinaryData().get(named.key()))));
        }
        if (map.getData() != null && map.getData().containsKey(named.key())) {
            return new Value.Found(new Content(map.getData().get(named.key()).getBytes(StandardCharsets.UTF_8)));
        }
        return new Value.Missing("ConfigMap " + named.configMap() + " has no key " + named.key() + ". Add it");
    }
}
