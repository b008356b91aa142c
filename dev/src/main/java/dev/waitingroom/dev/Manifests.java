package dev.waitingroom.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The objects of a YAML file. */
record Manifests(List<GenericKubernetesResource> objects) {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final String FIELD_MANAGER = "waitingroom-dev";
    private static final String NAMESPACE = "default";
    private static final String NAME = "app.kubernetes.io/name";
    private static final String SHOP = "demo-shop";

    /** A file that cannot be used. The message is for its author. */
    static final class ManifestException extends Exception {
        private static final long serialVersionUID = 1L;

        ManifestException(String message, Throwable cause) {
            super(message, cause);
        }

        ManifestException(String message) {
            super(message);
        }
    }

    /** @throws ManifestException naming the error and its place */
    static Manifests read(Path file) throws ManifestException {
        var objects = new ArrayList<GenericKubernetesResource>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(Files.readString(file))) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (document.isObject()) {
                    objects.add(YAML.convertValue(document, GenericKubernetesResource.class));
                }
            }
        } catch (NoSuchFileException e) {
            throw new ManifestException(file + ": there is no such file", e);
        } catch (IOException | RuntimeException e) {
            throw new ManifestException(file + ": " + firstLine(e), e);
        }
        for (GenericKubernetesResource object : objects) {
            if (object.getApiVersion() == null || object.getKind() == null || object.getMetadata() == null) {
                throw new ManifestException(file + ": every object needs apiVersion, kind and metadata");
            }
            if (object.getMetadata().getNamespace() == null) {
                object.getMetadata().setNamespace(NAMESPACE);
            }
        }
        if (objects.isEmpty()) {
            throw new ManifestException(file + ": there is no object in it");
        }
        return new Manifests(objects);
    }

    /**
     * Applies them one by one, as {@code kubectl apply --server-side} does.
     *
     * @return the error of each refused object
     */
    List<String> apply(KubernetesClient client) {
        var refused = new ArrayList<String>();
        for (GenericKubernetesResource object : objects) {
            try {
                client.genericKubernetesResources(object.getApiVersion(), object.getKind())
                        .inNamespace(object.getMetadata().getNamespace())
                        .resource(object)
                        .fieldValidation(Validation.STRICT)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            } catch (KubernetesClientException e) {
                String why =
                        e.getStatus() == null ? firstLine(e) : e.getStatus().getMessage();
                refused.add(object.getKind() + " " + object.getMetadata().getName() + ": " + why);
            }
        }
        return refused;
    }

    /** The event ids of the rooms in the file. */
    List<String> events() {
        return objects.stream()
                .filter(object -> object.getKind().equals(WaitingRoom.class.getSimpleName()))
                .map(object -> object.get("spec", "eventId") instanceof String event
                        ? event
                        : object.getMetadata().getName())
                .toList();
    }

    /** The port of the Service that leads to a small shop. Empty if the file has no such Service. */
    OptionalInt shopPort() {
        return objects.stream()
                .filter(object -> object.getKind().equals("Service")
                        && object.getMetadata().getLabels() != null
                        && SHOP.equals(object.getMetadata().getLabels().get(NAME)))
                .mapToInt(service -> service.get("spec", "ports", 0, "port") instanceof Integer port ? port : 0)
                .findFirst();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .limit(3)
                .reduce((a, b) -> a + " " + b.strip())
                .orElse("");
    }
}
