package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How the operator runs a gateway. Defaults: see {@link WaitingRoomSpec}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("How the operator runs the gateway. Default: all of its defaults. Example: {replicas: {min: 3}}.")
public record WaitingRoomGatewaySpec(
        @Default("{}")
        @JsonPropertyDescription(
                "The fewest and the most pods. Default: {min: 2, max: 20}. Example: {min: 3, max: 10}.")
        Replicas replicas,

        @Default("{}")
        @JsonPropertyDescription(
                "How the operator scales the gateway. Default: all of its defaults. Example: {scaleDownAfterSeconds: 600}.")
        Scaling scaling,

        @JsonPropertyDescription(
                "The Redis that stores the lines of the gateway's rooms. Default: the one that the operator was installed with. Example: {secretRef: {name: my-redis}}.")
        @Nullable
        Redis redis,

        @Default("{}")
        @JsonPropertyDescription(
                "The keys that sign tickets and reservations. Default: all of its defaults. Example: {rotationDays: 7}.")
        Signing signing,

        @Default("{}")
        @JsonPropertyDescription(
                "The Service in front of the pods. Default: all of its defaults. Example: {type: LoadBalancer}.")
        Service service,

        @Default("{}")
        @JsonPropertyDescription(
                "Limits for each client, and how to find the client's address. Default: all of its defaults. Example: {trustedProxies: [10.0.0.0/8]}.")
        Clients clients,

        @Default("{}")
        @JsonPropertyDescription(
                "Web pages of other origins that may call the API from a browser (CORS). Default: none. Example: {origins: [https://shop.example]}.")
        Cors cors,

        @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
                "The image of the gateway pods. Default: the gateway image of the operator's own release. Example: registry.example/waitingroom-gateway:0.1.0.")
        @Nullable
        String image,

        @Default("{}")
        @JsonPropertyDescription(
                "Resource requests and limits of each pod. Default: requests of 500m CPU and 512Mi, a memory limit of 512Mi. Example: {limits: {memory: 1Gi}}.")
        Resources resources,

        @Default("info")
        @JsonPropertyDescription(
                "Log level of the pods: error, warn, info, debug or trace. Default: info. Example: debug.")
        LogLevel logLevel,

        @Default("" + DRAIN_SECONDS)
        @Min(0)
        @Max(300)
        @JsonPropertyDescription(
                "How long a pod still serves when it shuts down, so that load balancers notice, 0..300 s. Default: 5. Example: 15.")
        Integer drainSeconds) {
    private static final int DRAIN_SECONDS = 5;

    /** The meaning of an empty spec. */
    public static final WaitingRoomGatewaySpec DEFAULT = new WaitingRoomGatewaySpec(
            Replicas.DEFAULT,
            Scaling.DEFAULT,
            null,
            Signing.DEFAULT,
            Service.DEFAULT,
            Clients.DEFAULT,
            Cors.DEFAULT,
            null,
            Resources.DEFAULT,
            LogLevel.INFO,
            DRAIN_SECONDS);

    public WaitingRoomGatewaySpec {
        replicas = replicas == null ? Replicas.DEFAULT : replicas;
        scaling = scaling == null ? Scaling.DEFAULT : scaling;
        signing = signing == null ? Signing.DEFAULT : signing;
        service = service == null ? Service.DEFAULT : service;
        clients = clients == null ? Clients.DEFAULT : clients;
        cors = cors == null ? Cors.DEFAULT : cors;
        resources = resources == null ? Resources.DEFAULT : resources;
        logLevel = logLevel == null ? LogLevel.INFO : logLevel;
        drainSeconds = drainSeconds == null ? DRAIN_SECONDS : drainSeconds;
    }

    /** Bounds on the number of pods. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "self.min <= self.max",
            message = "replicas.min must not be greater than replicas.max",
            fieldPath = ".min")
    public record Replicas(
            @Default("" + MIN)
            @Min(1)
            @Max(200)
            @SpecReplicas
            @JsonPropertyDescription(
                    "The fewest pods, 1..200. kubectl scale sets it. With two, a copy of each line outlives a node. Default: 2. Example: 3.")
            Integer min,

            @Default("" + MAX)
            @Min(1)
            @Max(200)
            @JsonPropertyDescription("The most pods, 1..200. Default: 20. Example: 10.")
            Integer max) {
        private static final int MIN = 2;
        private static final int MAX = 20;
        private static final Replicas DEFAULT = new Replicas(MIN, MAX);

        public Replicas {
            min = min == null ? MIN : min;
            max = max == null ? MAX : max;
        }
    }

    /** How the number of pods follows the demand: up at once, down slowly. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Scaling(
            @Default("" + TARGET)
            @Min(1)
            @Max(1_000_000)
            @JsonPropertyDescription(
                    "HTTP requests a second that one pod should serve, 1..1000000. Measure it on your nodes. Default: 3000. Example: 5000.")
            Integer targetRequestsPerSecond,

            @Default("" + DOWN)
            @Min(0)
            @Max(86_400)
            @JsonPropertyDescription(
                    "How long fewer pods must be enough before the gateway shrinks, 0..86400 s. Default: 300. Example: 600.")
            Integer scaleDownAfterSeconds) {
        private static final int TARGET = 3000;
        private static final int DOWN = 300;
        private static final Scaling DEFAULT = new Scaling(TARGET, DOWN);

        public Scaling {
            targetRequestsPerSecond = targetRequestsPerSecond == null ? TARGET : targetRequestsPerSecond;
            scaleDownAfterSeconds = scaleDownAfterSeconds == null ? DOWN : scaleDownAfterSeconds;
        }
    }

    /** The Redis that stores the lines. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Redis(
            @Required
            @JsonPropertyDescription(
                    "A Secret with url and, if needed, username, password, sentinelUsername, sentinelPassword, ca.crt, tls.crt and tls.key. The url begins with redis://, redis-sentinel:// or redis-cluster://, and with TLS with rediss instead of redis. Example: {name: my-redis}.")
            LocalReference secretRef) {}

    /** The signing keys, in the Secret NAME-keys. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Signing(
            @Default("" + ROTATION_DAYS)
            @Min(1)
            @Max(3_650)
            @JsonPropertyDescription(
                    "How long a key signs before the next one replaces it, 1..3650 days. An old key verifies until nothing that it signed can still be valid. Default: 30. Example: 7.")
            Integer rotationDays) {
        private static final int ROTATION_DAYS = 30;
        private static final Signing DEFAULT = new Signing(ROTATION_DAYS);

        public Signing {
            rotationDays = rotationDays == null ? ROTATION_DAYS : rotationDays;
        }
    }

    /** The Service NAME-gateway. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "!has(self.grpcPort) || self.grpcPort != " + Service.HTTP_PORT,
            message = "service.grpcPort must be another port than that of HTTP, 80",
            fieldPath = ".grpcPort")
    public record Service(
            @Default("ClusterIP")
            @JsonPropertyDescription(
                    "Type of the Service: ClusterIP, NodePort or LoadBalancer. Default: ClusterIP. Example: LoadBalancer.")
            ServiceType type,

            @Min(1)
            @Max(65_535)
            @JsonPropertyDescription(
                    "The port on which Envoy may ask over gRPC whether a visitor may pass (ext_authz), 1..65535 but not 80. Default: none, Envoy asks over HTTP. Example: 9000.")
            @Nullable
            Integer grpcPort) {
        /** The port of the API. */
        public static final int HTTP_PORT = 80;

        private static final Service DEFAULT = new Service(ServiceType.CLUSTER_IP, null);

        public Service {
            type = type == null ? ServiceType.CLUSTER_IP : type;
        }
    }

    /** Types of a Service that the gateway supports. */
    public enum ServiceType {
        @JsonProperty("ClusterIP")
        CLUSTER_IP("ClusterIP"),
        @JsonProperty("NodePort")
        NODE_PORT("NodePort"),
        @JsonProperty("LoadBalancer")
        LOAD_BALANCER("LoadBalancer");

        private final String text;

        ServiceType(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Limits for visitors' clients. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Clients(
            @Default("" + REQUESTS)
            @Min(0)
            @Max(1_000_000)
            @JsonPropertyDescription(
                    "Polls a second that each pod accepts from one public address, or from one IPv6 /64, and 20 s' worth at once. A join, an admit or a leave counts as four polls. 1000 is enough for 5000 visitors behind one address. 0..1000000; 0 means no limit. Default: 1000. Example: 200.")
            Integer requestsPerSecond,

            @Size(max = 64)
            @JsonPropertyDescription(
                    "Addresses and CIDR ranges of the proxies in front, such as an ingress controller's pods. Pods believe what these proxies say about a visitor's address. Without them, all visitors behind an ingress look alike and have no limit. Default: none. Example: [10.0.0.0/8].")
            List<@Pattern(IP_RANGE) String> trustedProxies,

            @Default("X-Forwarded-For")
            @JsonPropertyDescription(
                    "The header in which the proxies name the client, nearest hop last: X-Forwarded-For or Forwarded (RFC 7239). Default: X-Forwarded-For. Example: Forwarded.")
            AddressHeader addressHeader,

            @Min(5)
            @Max(86_400)
            @JsonPropertyDescription(
                    "How long a connection may be idle before a pod closes it, 5..86400 s. It must be longer than the idle timeout of the proxies in front: 60 s on AWS, 600 s on Google Cloud, 3600 s in Envoy. Otherwise a proxy may send a request on a connection that is being closed. Default: 620 with trustedProxies, 75 without. Example: 3700.")
            @Nullable
            Integer keepAliveSeconds) {
        private static final int REQUESTS = 1000;
        private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";

        /** Exact for IPv4. The operator checks the rest of IPv6. */
        public static final String IP_RANGE = "^(" + OCTET + "(\\." + OCTET + "){3}(/(3[0-2]|[12]?[0-9]))?"
                + "|[0-9a-fA-F.]{0,4}:[0-9a-fA-F:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$";

        private static final Clients DEFAULT = new Clients(REQUESTS, List.of(), AddressHeader.X_FORWARDED_FOR, null);

        public Clients {
            requestsPerSecond = requestsPerSecond == null ? REQUESTS : requestsPerSecond;
            trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
            addressHeader = addressHeader == null ? AddressHeader.X_FORWARDED_FOR : addressHeader;
        }
    }

    /** Pages of other origins. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "!self.credentials || !self.origins.exists(o, o == '*')",
            message = "cors.credentials needs origins by name: with * every page of the web could act for the visitor",
            fieldPath = ".credentials")
    @ValidationRule(
            value =
                    "!self.origins.exists(o, (o.startsWith('https:') && o.endsWith(':443')) || (o.startsWith('http:') && o.endsWith(':80')))",
            message = "cors.origins must leave out the usual port, as browsers do: https://shop.example",
            fieldPath = ".origins")
    public record Cors(
            @Default("[]")
            @Size(max = 64)
            @JsonPropertyDescription(
                    "Origins as browsers send them: scheme, host, and port unless it is the default, in lower case and without a path. * means all. Default: none. Example: [https://shop.example].")
            List<
                            @Pattern("^([*]|[a-z][a-z0-9+.-]*://([a-z0-9._-]+|[\\[][0-9a-f:.]+[\\]])(:[0-9]{1,5})?)$")
                            @Size(max = 255) String>
                    origins,

            @Default("false")
            @JsonPropertyDescription(
                    "Whether these pages may send cookies. Sessions and proxies in front use them. Default: false. Example: true.")
            Boolean credentials) {
        private static final Cors DEFAULT = new Cors(List.of(), false);

        public Cors {
            origins = origins == null ? List.of() : List.copyOf(origins);
            credentials = credentials == null ? Boolean.FALSE : credentials;
        }
    }

    /** Headers that name the client. Only one is read, since proxies forward the other one as the client sent it. */
    public enum AddressHeader {
        @JsonProperty("X-Forwarded-For")
        X_FORWARDED_FOR("X-Forwarded-For"),
        @JsonProperty("Forwarded")
        FORWARDED("Forwarded");

        private final String text;

        AddressHeader(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A pod's resources, as in a container. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Resources(
            @Default("{\"cpu\": \"500m\", \"memory\": \"512Mi\"}")
            @JsonPropertyDescription(
                    "Resource requests of a pod. Default: {cpu: 500m, memory: 512Mi}. Example: {cpu: \"2\"}.")
            Map<String, Quantity> requests,

            @Default("{\"memory\": \"512Mi\"}")
            @JsonPropertyDescription("Resource limits of a pod. Default: {memory: 512Mi}. Example: {memory: 1Gi}.")
            Map<String, Quantity> limits) {
        private static final Resources DEFAULT = new Resources(
                Map.of("cpu", new Quantity("500m"), "memory", new Quantity("512Mi")),
                Map.of("memory", new Quantity("512Mi")));

        public Resources {
            // Sorted, so that the generated YAML does not vary.
            requests = requests == null ? DEFAULT.requests : Collections.unmodifiableMap(new TreeMap<>(requests));
            limits = limits == null ? DEFAULT.limits : Collections.unmodifiableMap(new TreeMap<>(limits));
        }
    }

    /** Log level of the pods. */
    public enum LogLevel {
        @JsonProperty("error")
        ERROR,
        @JsonProperty("warn")
        WARN,
        @JsonProperty("info")
        INFO,
        @JsonProperty("debug")
        DEBUG,
        @JsonProperty("trace")
        TRACE
    }
}
