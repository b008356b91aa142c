package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service or the routes that a room stands in front of. Defaults: see {@link WaitingRoomSpec}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Protect(
        @JsonPropertyDescription(
                "The Service in the room's namespace that admitted visitors reach through the gateway. Default: none; the gateway proxies nothing, and other proxies ask its route check. Example: {name: shop, port: 80}.")
        @Nullable
        Service service,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription(
                "The HTTPRoutes, Gateways and Ingresses whose proxy asks the room before it passes a request on. The operator writes what their controller takes. Default: none. Example: [{group: networking.k8s.io, kind: Ingress, name: shop}].")
        List<TargetRef> targetRefs,

        @Default("[]")
        @Size(max = 64)
        @JsonPropertyDescription(
                "The hosts of the service, as browsers send them, without a port. *.shop.example covers all hosts below it. Needed if another room of the gateway protects a service, too. Default: all hosts. Example: [shop.example].")
        List<@Size(max = 253) @Pattern(HOST) String> hosts,

        @Default("{}")
        @JsonPropertyDescription(
                "The paths that only admitted visitors reach. All others are open to everyone. Default: all paths. Example: {exclude: [{prefix: /assets}]}.")
        Paths paths,

        @Default("{}")
        @JsonPropertyDescription("Who enters without waiting. Default: nobody. Example: {ipRanges: [10.0.0.0/8]}.")
        Bypass bypass,

        @Default("{}")
        @JsonPropertyDescription(
                "Times and sizes of the requests to the service. Default: all of its defaults. Example: {responseSeconds: 120}.")
        Limits limits) {
    /** A host name, or *. and a host name. */
    public static final String HOST = "^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    public Protect {
        targetRefs = targetRefs == null ? List.of() : List.copyOf(targetRefs);
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        paths = paths == null ? Paths.DEFAULT : paths;
        bypass = bypass == null ? Bypass.DEFAULT : bypass;
        limits = limits == null ? Limits.DEFAULT : limits;
    }

    /** A Service of the room's namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Service(
            @Required
            @Size(min = 1, max = 63)
            @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
            @JsonPropertyDescription("Name of the Service. Example: shop.")
            String name,

            @Required
            @Min(1)
            @Max(65_535)
            @JsonPropertyDescription("Port of the Service, which speaks plain HTTP/1.1, 1..65535. Example: 80.")
            Integer port) {}

    /** Which paths are protected. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Paths(
            @Default("[]")
            @Size(max = 64)
            @JsonPropertyDescription("The protected paths. Default: all. Example: [{prefix: /checkout}].")
            List<PathRule> include,

            @Default("[]")
            @Size(max = 64)
            @JsonPropertyDescription(
                    "Paths that are open to everyone although include has them. Default: none. Example: [{regex: '\\\\.(css|js|png)$'}].")
            List<PathRule> exclude) {
        private static final Paths DEFAULT = new Paths(List.of(), List.of());

        public Paths {
            include = include == null ? List.of() : List.copyOf(include);
            exclude = exclude == null ? List.of() : List.copyOf(exclude);
        }
    }

    /** One prefix or one regular expression. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(value = "has(self.prefix) != has(self.regex)", message = "a path has either prefix or regex")
    public record PathRule(
            @Size(min = 1, max = 1024)
            @Pattern("^/[^?#]*$")
            @JsonPropertyDescription(
                    "A path and all below it: /cart covers /cart and /cart/items, but not /cartoon. Default: none. Example: /cart.")
            @Nullable
            String prefix,

            @Size(min = 1, max = 1024)
            @JsonPropertyDescription(
                    "A regular expression in the syntax of RE2. It may match any part of the path; ^ and $ anchor it. Default: none. Example: ^/items/[0-9]+$.")
            @Nullable
            String regex) {}

    /** Who enters without waiting. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Bypass(
            @Default("[]")
            @Size(max = 16)
            @JsonPropertyDescription(
                    "Requests with one of these headers enter. The service does not see the header. Whoever may read the WaitingRoom can read its value. Default: none. Example: [{name: x-probe, value: 7d1c0e5b9a}].")
            List<Header> headers,

            @Default("[]")
            @Size(max = 64)
            @JsonPropertyDescription(
                    "Clients from these addresses and CIDR ranges enter. Behind a proxy the gateway needs spec.clients.trustedProxies. Default: none. Example: [192.0.2.0/24].")
            List<@Pattern(WaitingRoomGatewaySpec.Clients.IP_RANGE) String> ipRanges,

            @JsonPropertyDescription(
                    "Visitors who open a link that was signed with this key enter. The key has at least 32 bytes. A new one ends all links. Default: no links. Example: {secret: shop-links, key: key}.")
            @Nullable
            SecretKey signedLinks) {
        private static final Bypass DEFAULT = new Bypass(List.of(), List.of(), null);

        public Bypass {
            headers = headers == null ? List.of() : List.copyOf(headers);
            ipRanges = ipRanges == null ? List.of() : List.copyOf(ipRanges);
        }
    }

    /** A key of a Secret. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SecretKey(
            @Required
            @Size(min = 1, max = 253)
            @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
            @JsonPropertyDescription("Name of a Secret in the room's namespace. Example: shop-links.")
            String secret,

            @Required
            @Size(min = 1, max = 253)
            @Pattern("^[-._a-zA-Z0-9]+$")
            @JsonPropertyDescription("A key in it. Example: key.")
            String key) {}

    /** A header with a secret value. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Header(
            @Required
            @Size(min = 1, max = 128)
            @Pattern("^[A-Za-z0-9-]+$")
            @JsonPropertyDescription("Name of the header. Example: x-probe.")
            String name,

            @Required
            @Size(min = 8, max = 256)
            @Pattern("^[!-~]+$")
            @JsonPropertyDescription("Its whole value, 8..256 characters. Example: 7d1c0e5b9a.")
            String value) {}

    /** Times and sizes. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(
            @Default("" + CONNECT_SECONDS)
            @Min(1)
            @Max(60)
            @JsonPropertyDescription(
                    "How long a connection to the service may take, 1..60 s. Then the answer is 502. Default: 5. Example: 2.")
            Integer connectSeconds,

            @Default("" + RESPONSE_SECONDS)
            @Min(1)
            @Max(3_600)
            @JsonPropertyDescription(
                    "How long the service may take until its answer begins, and be silent in the middle of a body, 1..3600 s. Then the answer is 504. WebSockets and event streams may be silent for longer. Default: 60. Example: 120.")
            Integer responseSeconds,

            @Default("" + BODY_MEBIBYTES)
            @Min(1)
            @Max(1_048_576)
            @JsonPropertyDescription(
                    "The largest body of a request, 1..1048576 MiB. A larger one is answered 413. Default: 1024. Example: 10.")
            Integer bodyMebibytes) {
        private static final int CONNECT_SECONDS = 5;
        private static final int RESPONSE_SECONDS = 60;
        private static final int BODY_MEBIBYTES = 1_024;
        private static final Limits DEFAULT = new Limits(CONNECT_SECONDS, RESPONSE_SECONDS, BODY_MEBIBYTES);

        public Limits {
            connectSeconds = connectSeconds == null ? CONNECT_SECONDS : connectSeconds;
            responseSeconds = responseSeconds == null ? RESPONSE_SECONDS : responseSeconds;
            bodyMebibytes = bodyMebibytes == null ? BODY_MEBIBYTES : bodyMebibytes;
        }
    }
}
