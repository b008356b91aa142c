package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.route.Planned.TargetAnnotation;
import dev.waitingroom.operator.route.RouteCheck.Dialect;

/** ingress-nginx: annotations of the Ingress. It sends all headers of the request, the cookies among them. */
final class IngressNginxWriter implements RouteWriter {
    private static final String PREFIX = "nginx.ingress.kubernetes.io/";

    @Override
    public Plan plan(RouteCheck check, RouteTarget target, Proxy proxy) {
        return Plan.NOTHING.with(
                annotation("auth-url", check.url(Dialect.NGINX)),
                annotation("auth-method", "GET"),
                annotation(
                        "auth-signin",
                        scheme(target) + "://$http_host" + check.page() + "?return=$escaped_request_uri"),
                // Without this, the controller adds a second parameter with the whole URL.
                annotation("auth-signin-redirect-param", "return"));
    }

    private static TargetAnnotation annotation(String name, String value) {
        return new TargetAnnotation(PREFIX + name, value, false);
    }

    /** As visitors reach the Ingress. The annotation must have a scheme. */
    private static String scheme(RouteTarget target) {
        boolean secure = !Trees.list(target.tree(), "spec", "tls").isEmpty()
                || target.annotation(PREFIX + "force-ssl-redirect").equals("true");
        return secure ? "https" : "http";
    }
}
