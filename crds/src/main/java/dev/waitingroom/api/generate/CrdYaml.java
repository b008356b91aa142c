package dev.waitingroom.api.generate;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.crdv2.generator.CRDUtils;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the CRDs of both kinds with fabric8's generator. Adds what its annotations cannot express: columns in declared order, descriptions of
 * classes, lists with keys, the pattern of quantities, and a spec that is required or has a default.
 */
public final class CrdYaml implements CRDPostProcessor {
    private static final Map<String, Class<? extends CustomResource<?, ?>>> KINDS =
            Map.of("WaitingRoom", WaitingRoom.class, "WaitingRoomGateway", WaitingRoomGateway.class);

    /** Lists of a status, and the key of their entries. */
    private static final Map<String, String> LIST_KEYS = Map.of("conditions", "type", "pods", "name");

    /** A non-negative Kubernetes quantity: 500m, 1.5, 512Mi, 1e3. */
    private static final String QUANTITY = "^\\+?[0-9]+(\\.[0-9]+)?(m|k|[MGTPE]|[KMGTPE]i|[eE][0-9]{1,2})?$";

    private CrdYaml() {}

    /** Takes the directory to write into as its argument. Creates it if needed. */
    public static void main(String[] args) throws IOException {
        File directory = new File(args[0]);
        Files.createDirectories(directory.toPath());
        new CRDGenerator()
                .customResourceClasses(WaitingRoom.class, WaitingRoomGateway.class)
                .withPostProcessor(new CrdYaml())
                .inOutputDir(directory)
                .generate();
    }

    @Override
    public HasMetadata process(HasMetadata generated, String crdSpecVersion) {
        var crd = (CustomResourceDefinition) generated;
        Class<? extends CustomResource<?, ?>> kind =
                Objects.requireNonNull(KINDS.get(crd.getSpec().getNames().getKind()));
        for (var version : crd.getSpec().getVersions()) {
            orderColumns(version.getAdditionalPrinterColumns(), kind);
            JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
            describe(root, kind);
            specAndStatus(root, kind);
            restrictQuantities(root);
        }
        return crd;
    }

    /** Without a pattern the CRD accepts any text, and the API server refuses only the Deployment. */
    private static void restrictQuantities(JSONSchemaProps schema) {
        if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
            schema.setPattern(QUANTITY);
        }
        schema.getProperties().values().forEach(CrdYaml::restrictQuantities);
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            restrictQuantities(schema.getAdditionalProperties().getSchema());
        }
        if (schema.getItems() != null) {
            restrictQuantities(schema.getItems().getSchema());
        }
    }

    private static void orderColumns(List<CustomResourceColumnDefinition> columns, Class<?> kind) {
        List<String> declared = Stream.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .collect(Collectors.toList());
        columns.sort(Comparator.comparingInt(column -> declared.indexOf(column.getName())));
    }

    private static void specAndStatus(JSONSchemaProps root, Class<? extends CustomResource<?, ?>> kind) {
        var types = CRDUtils.resolveSpecAndStatusTypes(kind);
        JSONSchemaProps spec = property(root, "spec");
        describe(spec, load(types.getSpecClassName()));
        if (newInstance(kind).getSpec() == null) {
            root.setRequired(List.of("spec"));
        } else {
            spec.setDefault(JsonNodeFactory.instance.objectNode());
        }
        JSONSchemaProps status = property(root, "status");
        describe(status, load(types.getStatusClassName()));
        LIST_KEYS.forEach((property, key) -> {
            JSONSchemaProps list = status.getProperties().get(property);
            if (list != null) {
                list.setXKubernetesListType("map");
                list.setXKubernetesListMapKeys(List.of(key));
            }
        });
        JSONSchemaProps condition = property(status, "conditions").getItems().getSchema();
        property(condition, "lastTransitionTime").setFormat("date-time");
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }

    private static void describe(JSONSchemaProps schema, Class<?> type) {
        schema.setDescription(type.getAnnotation(JsonClassDescription.class).value());
    }

    private static CustomResource<?, ?> newInstance(Class<? extends CustomResource<?, ?>> kind) {
        try {
            return kind.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
