package dev.waitingroom.gateway.verify;

import com.google.gson.Gson;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.waitingroom.testkit.docs.DocPage;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * Envoy's configuration in envoy.md, read with Envoy's own messages, so that an unknown field fails.
 *
 * @param filter the check
 * @param room the {@code context_extensions} of the virtual host
 */
record EnvoyConfig(ExtAuthz filter, Map<String, String> room) {
    private static final String EXT_AUTHZ = "envoy.filters.http.ext_authz";
    private static final JsonFormat.Parser PARSER = JsonFormat.parser()
            .usingTypeRegistry(JsonFormat.TypeRegistry.newBuilder()
                    .add(HttpConnectionManager.getDescriptor())
                    .add(ExtAuthz.getDescriptor())
                    .add(ExtAuthzPerRoute.getDescriptor())
                    .add(Router.getDescriptor())
                    .add(HttpProtocolOptions.getDescriptor())
                    .build());

    static EnvoyConfig ofHttp() {
        HttpFilter.Builder filter = HttpFilter.newBuilder();
        read("path_prefix:", filter);
        read("\nvirtual_hosts:", RouteConfiguration.newBuilder());
        return new EnvoyConfig(unpack(filter.build()), Map.of());
    }

    static EnvoyConfig ofGrpc() {
        try {
            Filter manager = bootstrap()
                    .getStaticResources()
                    .getListeners(0)
                    .getFilterChains(0)
                    .getFilters(0);
            HttpConnectionManager http = manager.getTypedConfig().unpack(HttpConnectionManager.class);
            VirtualHost host = http.getRouteConfig().getVirtualHosts(0);
            ExtAuthzPerRoute check =
                    host.getTypedPerFilterConfigOrThrow(EXT_AUTHZ).unpack(ExtAuthzPerRoute.class);
            return new EnvoyConfig(
                    unpack(http.getHttpFilters(0)), check.getCheckSettings().getContextExtensionsMap());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** The whole configuration for gRPC. */
    static Bootstrap bootstrap() {
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
        read("static_resources:", bootstrap);
        return bootstrap.build();
    }

    private static ExtAuthz unpack(HttpFilter filter) {
        try {
            return filter.getTypedConfig().unpack(ExtAuthz.class);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads the first block with this text. */
    private static void read(String text, Message.Builder message) {
        String yaml = DocPage.read("envoy.md").blocks("yaml").stream()
                .filter(block -> ("\n" + block).contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("envoy.md has no block with " + text));
        try {
            PARSER.merge(new Gson().toJson(new Yaml().<Object>load(yaml)), message);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e.getMessage() + " in " + yaml, e);
        }
    }
}
