package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.WaitingRoomGatewaySpec;
import dev.waitingroom.operator.keys.KeyKind;
import dev.waitingroom.operator.redis.RedisLocation;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A gateway's Deployment. Pure.
 *
 * @param resources the gateway and its other objects
 */
record GatewayDeployment(GatewayResources resources) {
    private static final int HTTP_PORT = 8080;
    private static final int ADMIN_PORT = 9090;
    private static final int GRPC_PORT = 8081;
    private static final String KEYS_DIR = "/etc/waitingroom/keys";
    private static final String REDIS_DIR = "/etc/waitingroom/redis";
    private static final long USER = 65_532;

    /** Entries of the Redis Secret that pods get as environment variables, and the variables' names. */
    private static final Map<String, String> REDIS_VARIABLES = Map.of(
            RedisLocation.URL, "REDIS_URL",
            RedisLocation.USERNAME, "REDIS_USERNAME",
            RedisLocation.PASSWORD, "REDIS_PASSWORD",
            RedisLocation.SENTINEL_USERNAME, "REDIS_SENTINEL_USERNAME",
            RedisLocation.SENTINEL_PASSWORD, "REDIS_SENTINEL_PASSWORD");

    /** Entries that pods get as files, and the variables with the files' paths. In order. */
    private static final List<Map.Entry<String, String>> REDIS_FILES = List.of(
            Map.entry(RedisLocation.CA, "REDIS_CA_FILE"),
            Map.entry(RedisLocation.CLIENT_CERTIFICATE, "REDIS_CERT_FILE"),
            Map.entry(RedisLocation.CLIENT_KEY, "REDIS_KEY_FILE"));

    private static final String REDIS_VOLUME = "redis-tls";

    /** Time after the drain. Held admits end within 3 s, and the process within a few more. */
    private static final int SECONDS_TO_END = 10;

    /** An earlier probe would fail, and each failure is a Warning Event. */
    private static final int SECONDS_TO_START = 3;

    Deployment build() {
        return new DeploymentBuilder()
                .withMetadata(resources.metadata(GatewayNames.deployment(resources.name())))
                .withNewSpec()
                .withReplicas(resources.replicas())
                .withRevisionHistoryLimit(3)
                .withNewSelector()
                .withMatchLabels(GatewayNames.selector(resources.name()))
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withNewMaxSurge("25%")
                .withNewMaxUnavailable(0)
                .endRollingUpdate()
                .endStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(new TreeMap<>(GatewayNames.labels(resources.name())))
                // The environment is read at start, so other credentials need other pods. Files are read again: no
                // restart.
                .addToAnnotations("waitingroom.dev/redis-checksum", Checksums.of(readAtStart()))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds((long) resources.spec().drainSeconds() + SECONDS_TO_END)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withTopologySpreadConstraints(spread("kubernetes.io/hostname"), spread("topology.kubernetes.io/zone"))
                .addNewContainer()
                .withName("gateway")
                .withImage(
                        resources.spec().image() == null
                                ? resources.defaultImage()
                                : resources.spec().image())
                .withPorts(ports())
                .withEnv(environment())
                .withNewResources()
                .withRequests(quantities(resources.spec().resources().requests()))
                .withLimits(quantities(resources.spec().resources().limits()))
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                // The end of its log goes to the pod's status, and from there to the gateway's status.
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withStartupProbe(new ProbeBuilder(probe("/healthz", 1, 60))
                        .withInitialDelaySeconds(SECONDS_TO_START)
                        .build())
                .withReadinessProbe(probe("/readyz", 2, 2))
                .withLivenessProbe(probe("/healthz", 10, 3))
                .withVolumeMounts(mounts())
                .endContainer()
                .withVolumes(volumes())
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private Map<String, String> readAtStart() {
        var entries = new TreeMap<String, String>(resources.redis().entries());
        REDIS_FILES.forEach(file -> entries.remove(file.getKey()));
        return entries;
    }

    /** The entries of this Redis that pods need as files. */
    private List<Map.Entry<String, String>> redisFiles() {
        return REDIS_FILES.stream()
                .filter(file -> resources.redis().entries().containsKey(file.getKey()))
                .toList();
    }

    private List<EnvVar> environment() {
        var variables = new ArrayList<EnvVar>();
        variables.add(variable("GATEWAY", resources.gateway().getMetadata().getNamespace() + "/" + resources.name()));
        variables.add(new EnvVarBuilder()
                .withName("POD_NAME")
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .build());
        for (String entry : resources.redis().entries().keySet()) { // the Secret has the same entries
            Optional.ofNullable(REDIS_VARIABLES.get(entry))
                    .ifPresent(variable -> variables.add(fromRedisSecret(variable, entry)));
        }
        redisFiles().forEach(file -> variables.add(variable(file.getValue(), REDIS_DIR + "/" + file.getKey())));
        variables.add(variable("KEYS_DIR", KEYS_DIR));
        variables.add(variable("HTTP_PORT", Integer.toString(HTTP_PORT)));
        variables.add(variable("ADMIN_PORT", Integer.toString(ADMIN_PORT)));
        if (servesGrpc()) {
            variables.add(variable("GRPC_PORT", Integer.toString(GRPC_PORT)));
        }
        variables.add(variable("LOG_LEVEL", resources.spec().logLevel().name().toLowerCase(Locale.ROOT)));
        variables.add(
                variable("DRAIN_SECONDS", Integer.toString(resources.spec().drainSeconds())));
        WaitingRoomGatewaySpec.Clients clients = resources.spec().clients();
        variables.add(variable("CLIENT_REQUESTS_PER_SECOND", Integer.toString(clients.requestsPerSecond())));
        if (!clients.trustedProxies().isEmpty()) {
            variables.add(variable("TRUSTED_PROXIES", String.join(",", clients.trustedProxies())));
            variables.add(
                    variable("CLIENT_ADDRESS_HEADER", clients.addressHeader().toString()));
        }
        Optional.ofNullable(clients.keepAliveSeconds())
                .ifPresent(seconds -> variables.add(variable("KEEP_ALIVE_SECONDS", seconds.toString())));
        WaitingRoomGatewaySpec.Cors cors = resources.spec().cors();
        if (!cors.origins().isEmpty()) {
            variables.add(variable("CORS_ALLOWED_ORIGINS", String.join(",", cors.origins())));
            variables.add(variable("CORS_ALLOW_CREDENTIALS", Boolean.toString(cors.credentials())));
        }
        return variables;
    }

    private boolean servesGrpc() {
        return resources.spec().service().grpcPort() != null;
    }

    private List<ContainerPort> ports() {
        var ports = new ArrayList<ContainerPort>();
        ports.add(port(GatewayNames.HTTP_PORT, HTTP_PORT));
        ports.add(port("admin", ADMIN_PORT));
        if (servesGrpc()) {
            ports.add(port(GatewayNames.GRPC_PORT, GRPC_PORT));
        }
        return ports;
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private EnvVar fromRedisSecret(String variable, String key) {
        return new EnvVarBuilder()
                .withName(variable)
                .withNewValueFrom()
                .withNewSecretKeyRef()
                .withName(resources.redisSecretName())
                .withKey(key)
                .endSecretKeyRef()
                .endValueFrom()
                .build();
    }

    private List<VolumeMount> mounts() {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(new VolumeMountBuilder()
                .withName("keys")
                .withMountPath(KEYS_DIR)
                .withReadOnly(true)
                .build());
        if (!redisFiles().isEmpty()) {
            mounts.add(new VolumeMountBuilder()
                    .withName(REDIS_VOLUME)
                    .withMountPath(REDIS_DIR)
                    .withReadOnly(true)
                    .build());
        }
        mounts.add(
                new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build());
        return mounts;
    }

    private List<Volume> volumes() {
        var volumes = new ArrayList<Volume>();
        volumes.add(new VolumeBuilder()
                .withName("keys")
                .withNewSecret()
                .withSecretName(GatewayNames.keys(resources.name()))
                .withItems(Stream.of(KeyKind.values())
                        .map(kind -> new KeyToPath(kind.file(), null, kind.file()))
                        .toList())
                .endSecret()
                .build());
        if (!redisFiles().isEmpty()) {
            volumes.add(new VolumeBuilder()
                    .withName(REDIS_VOLUME)
                    .withNewSecret()
                    .withSecretName(resources.redisSecretName())
                    .withItems(redisFiles().stream()
                            .map(file -> new KeyToPath(file.getKey(), null, file.getKey()))
                            .toList())
                    .endSecret()
                    .build());
        }
        // For native libraries, which are unpacked there.
        volumes.add(new VolumeBuilder()
                .withName("tmp")
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("128Mi"))
                .endEmptyDir()
                .build());
        return volumes;
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort("admin")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }

    private TopologySpreadConstraint spread(String topologyKey) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(topologyKey)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(GatewayNames.selector(resources.name()))
                .endLabelSelector()
                .build();
    }

    private static Map<String, Quantity> quantities(Map<String, Quantity> amounts) {
        return new TreeMap<>(amounts);
    }
}
