package dev.waitingroom.dev.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.dev.cluster.LocalCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests through the client that the operator uses. */
class InMemoryApiIT {
    private static LocalCluster cluster;
    private static KubernetesClient client;

    @BeforeAll
    static void start() {
        cluster = LocalCluster.inMemory();
        client = cluster.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        cluster.close();
    }

    @AfterEach
    void empty() {
        client.configMaps().inAnyNamespace().list().getItems().forEach(map -> {
            client.resource(map).edit(InMemoryApiIT::withoutFinalizers);
            client.resource(map).delete();
        });
        client.resources(WaitingRoom.class)
                .inAnyNamespace()
                .list()
                .getItems()
                .forEach(room -> client.resource(room).delete());
    }

    private static ConfigMap withoutFinalizers(ConfigMap map) {
        return new ConfigMapBuilder(map)
                .editMetadata()
                .withFinalizers(List.of())
                .endMetadata()
                .build();
    }

    private static ConfigMapBuilder map(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata();
    }

    @Test
    void createsOnceAndSaysWhatIsThere() {
        ConfigMap made = client.resource(map("a").addToData("k", "v").build()).create();

        assertThat(made.getMetadata().getUid()).isNotBlank();
        assertThat(made.getMetadata().getGeneration()).isEqualTo(1);
        assertThatThrownBy(() -> client.resource(map("a").build()).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refusal -> assertThat(refusal.getCode()).isEqualTo(409))
                .hasMessageContaining("already exists");
        assertThat(client.configMaps().inNamespace("default").withName("b").get())
                .isNull();
    }

    @Test
    void refusesAnUpdateOfAnOldVersion() {
        ConfigMap first = client.resource(map("a").addToData("k", "1").build()).create();
        apply("x", map("a").addToData("k", "2").build());
        ConfigMap stale = new ConfigMapBuilder(first).addToData("k", "3").build();

        assertThatThrownBy(() -> client.resource(stale).lockResourceVersion().update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refusal -> assertThat(refusal.getCode()).isEqualTo(409));
    }

    @Test
    void appliesForSeveralManagers() {
        apply("mine", map("a").addToData("m", "1").build());
        apply("theirs", map("a").addToData("t", "2").build());

        apply("mine", map("a").addToData("n", "3").build());

        assertThat(data("a")).isEqualTo(Map.of("t", "2", "n", "3"));
    }

    @Test
    void leavesTheVersionAloneWhereNothingChanges() {
        ConfigMap first = apply("mine", map("a").addToData("m", "1").build());

        ConfigMap second = apply("mine", map("a").addToData("m", "1").build());

        assertThat(second.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    @Test
    void holdsAnObjectUntilItsFinalizersAreGone() {
        client.resource(map("a").editMetadata()
                        .withFinalizers("example.org/wait")
                        .endMetadata()
                        .build())
                .create();

        client.configMaps().inNamespace("default").withName("a").delete();

        ConfigMap marked =
                client.configMaps().inNamespace("default").withName("a").get();
        assertThat(marked.isMarkedForDeletion()).isTrue();
        client.resource(marked).edit(InMemoryApiIT::withoutFinalizers);
        assertThat(client.configMaps().inNamespace("default").withName("a").get())
                .isNull();
    }

    @Test
    void collectsWhatHasLostItsOwner() {
        HasMetadata owner = client.resource(map("owner").build()).create();
        client.resource(map("owned")
                        .editMetadata()
                        .addToOwnerReferences(new OwnerReferenceBuilder()
                                .withApiVersion("v1")
                                .withKind("ConfigMap")
                                .withName("owner")
                                .withUid(owner.getMetadata().getUid())
                                .build())
                        .endMetadata()
                        .build())
                .create();

        client.resource(owner).delete();

        assertThat(client.configMaps().inNamespace("default").withName("owned").get())
                .isNull();
    }

    @Test
    void tellsInformersEverything() {
        var seen = new CopyOnWriteArrayList<String>();
        try (var informer = client.configMaps()
                .inAnyNamespace()
                .withLabel("watched")
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(ConfigMap map) {
                        seen.add("added " + map.getMetadata().getName());
                    }

                    @Override
                    public void onUpdate(ConfigMap before, ConfigMap now) {
                        seen.add("changed " + now.getMetadata().getName());
                    }

                    @Override
                    public void onDelete(ConfigMap map, boolean unknown) {
                        seen.add("gone " + map.getMetadata().getName());
                    }
                })) {
            apply(
                    "x",
                    map("a").editMetadata()
                            .addToLabels("watched", "")
                            .endMetadata()
                            .build());
            apply("x", map("unwatched").build());
            apply(
                    "x",
                    map("a").editMetadata()
                            .addToLabels("watched", "")
                            .endMetadata()
                            .addToData("k", "v")
                            .build());
            apply("x", map("a").addToData("k", "v").build()); // no longer labelled

            await().untilAsserted(() -> assertThat(seen).containsExactly("added a", "changed a", "gone a"));
            assertThat(informer.getStore().list()).isEmpty();
        }
    }

    /** Informers ask for this limit, and leave the watch by then. A watch that continued would keep its thread and connection forever. */
    @Test
    @Timeout(30)
    void aWatchEndsWhenItsTimeIsOver() throws Exception {
        assertThat(watched("timeoutSeconds=1")).isEmpty();
    }

    /** Only a write shows that the client is gone. */
    @Test
    @Timeout(30)
    void aWatchWithoutEventsSendsBookmarksWhereAsked() throws Exception {
        assertThat(watched("timeoutSeconds=6&allowWatchBookmarks=true"))
                .contains("\"type\":\"BOOKMARK\"", "\"resourceVersion\":");
    }

    private static String watched(String parameters) throws Exception {
        URI uri = URI.create(client.getMasterUrl() + "api/v1/configmaps?watch=true&" + parameters);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void fillsInDefaultsAndKeepsStatusApart() {
        applyRoom("spec: {admission: {rate: 1, burst: 1}}", false);
        WaitingRoom room = room();

        room.setStatus(room.statusOrNone());
        client.resource(room).patchStatus();
        applyRoom("spec: {admission: {rate: 2, burst: 1}}", false);

        WaitingRoom now = room();
        assertThat(now.getSpec().waiting().ttlSeconds()).isEqualTo(300);
        assertThat(now.getMetadata().getGeneration()).isEqualTo(2);
        assertThat(now.getStatus()).isNotNull();
    }

    @Test
    void refusesWhatTheSchemaRefuses() {
        assertThatThrownBy(() -> applyRoom("spec: {admission: {rate: 0, burst: 1}}", false))
                .hasMessageContaining("spec.admission.rate")
                .hasMessageContaining("1");
        assertThatThrownBy(() -> applyRoom("spec: {mode: Sometimes, admission: {rate: 1, burst: 1}}", false))
                .hasMessageContaining("spec.mode")
                .hasMessageContaining("Hold");
        assertThatThrownBy(() -> applyRoom("spec: {}", false)).hasMessageContaining("admission");
        assertThat(client.resources(WaitingRoom.class).inAnyNamespace().list().getItems())
                .isEmpty();
    }

    @Test
    void refusesUnknownFieldsWhereAskedTo() {
        assertThatThrownBy(() -> applyRoom("spec: {admission: {rate: 1, burts: 1, burst: 1}}", true))
                .hasMessageContaining("unknown field \"spec.admission.burts\"");
    }

    private static ConfigMap apply(String manager, ConfigMap map) {
        return client.resource(map).fieldManager(manager).forceConflicts().serverSideApply();
    }

    private static Map<String, String> data(String name) {
        return Optional.ofNullable(client.configMaps()
                        .inNamespace("default")
                        .withName(name)
                        .get())
                .map(ConfigMap::getData)
                .orElse(Map.of());
    }

    private static void applyRoom(String spec, boolean strict) {
        var room = Serialization.unmarshal("""
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: r, namespace: default}
                """ + spec, GenericKubernetesResource.class);
        client.genericKubernetesResources(room.getApiVersion(), room.getKind())
                .inNamespace("default")
                .resource(room)
                .fieldValidation(strict ? Validation.STRICT : Validation.IGNORE)
                .fieldManager("test")
                .serverSideApply();
    }

    private static WaitingRoom room() {
        return client.resources(WaitingRoom.class)
                .inNamespace("default")
                .withName("r")
                .get();
    }
}
