package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.Labels;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomGatewaySpec;
import dev.waitingroom.operator.redis.RedisLocation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects that a gateway consists of, except its keys. Pure.
 *
 * @param gateway the owner
 * @param redis the Redis that its pods connect to
 * @param defaultImage the image if the gateway names none
 * @param replicas pods
 */
record GatewayResources(WaitingRoomGateway gateway, RedisLocation redis, String defaultImage, int replicas) {
    /** In the order of applying: pods need the Secret. */
    List<HasMetadata> objects() {
        var objects = new ArrayList<HasMetadata>();
        if (spec().redis() == null) {
            objects.add(redisSecret());
        }
        objects.addAll(List.of(service(), disruptionBudget(), networkPolicy(), deployment()));
        return objects;
    }

    Deployment deployment() {
        return new GatewayDeployment(this).build();
    }

    /** The Secret that the gateway names; else our copy of the operator's Redis. */
    String redisSecretName() {
        var named = spec().redis();
        return named == null ? GatewayNames.redis(name()) : named.secretRef().name();
    }

    String name() {
        return gateway.getMetadata().getName();
    }

    WaitingRoomGatewaySpec spec() {
        return gateway.getSpec();
    }

    Secret redisSecret() {
        var data = new TreeMap<String, String>();
        redis.entries()
                .forEach((key, value) ->
                        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withMetadata(metadata(GatewayNames.redis(name())))
                .withType("Opaque")
                .withData(data)
                .build();
    }

    Service service() {
        return new ServiceBuilder()
                .withMetadata(metadata(GatewayNames.deployment(name())))
                .withNewSpec()
                .withType(spec().service().type().toString())
                .withSelector(GatewayNames.selector(name()))
                .withPorts(servicePorts())
                .endSpec()
                .build();
    }

    private List<ServicePort> servicePorts() {
        var ports = new ArrayList<ServicePort>();
        ports.add(servicePort(GatewayNames.HTTP_PORT, "http", WaitingRoomGatewaySpec.Service.HTTP_PORT));
        // HTTP/2 without TLS (KEP-3726).
        Optional.ofNullable(spec().service().grpcPort())
                .ifPresent(port -> ports.add(servicePort(GatewayNames.GRPC_PORT, "kubernetes.io/h2c", port)));
        return ports;
    }

    private static ServicePort servicePort(String name, String appProtocol, int port) {
        return new ServicePortBuilder()
                .withName(name)
                .withProtocol("TCP")
                .withAppProtocol(appProtocol)
                .withPort(port)
                .withNewTargetPort(name)
                .build();
    }

    PodDisruptionBudget disruptionBudget() {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(metadata(GatewayNames.deployment(name())))
                .withNewSpec()
                .withNewMaxUnavailable(1)
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(GatewayNames.selector(name()))
                .endSelector()
                .endSpec()
                .build();
    }

    /** Every client may call the API, and every proxy may ask. Only labelled namespaces may read metrics. Outgoing traffic is not restricted. */
    NetworkPolicy networkPolicy() {
        return new NetworkPolicyBuilder()
                .withMetadata(metadata(GatewayNames.deployment(name())))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(GatewayNames.selector(name()))
                .endPodSelector()
                .withPolicyTypes("Ingress")
                .addNewIngress()
                .withPorts(openPorts())
                .endIngress()
                .addNewIngress()
                .addNewPort()
                .withNewPort("admin")
                .withProtocol("TCP")
                .endPort()
                .addNewFrom()
                .withNewNamespaceSelector()
                .addToMatchLabels(Labels.METRICS_READER, "true")
                .endNamespaceSelector()
                .endFrom()
                .endIngress()
                .endSpec()
                .build();
    }

    private List<NetworkPolicyPort> openPorts() {
        return servicePorts().stream()
                .map(port -> new NetworkPolicyPortBuilder()
                        .withNewPort(port.getName())
                        .withProtocol("TCP")
                        .build())
                .toList();
    }

    ObjectMeta metadata(String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(gateway.getMetadata().getNamespace())
                .withLabels(new TreeMap<>(GatewayNames.labels(name())))
                .withOwnerReferences(owner())
                .build();
    }

    private OwnerReference owner() {
        return new OwnerReferenceBuilder()
                .withApiVersion(gateway.getApiVersion())
                .withKind(gateway.getKind())
                .withName(name())
                .withUid(gateway.getMetadata().getUid())
                .withController(true)
                .build();
    }
}
