package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.OwnObject;
import dev.waitingroom.operator.route.Planned.Plan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** References to the gateway's Service from the namespace of a target. Pure. */
final class Backends {
    private Backends() {}

    static Map<String, Object> reference(RouteCheck check, TargetId target) {
        var reference = new TreeMap<String, Object>(Map.of("name", check.service(), "port", RouteCheck.PORT));
        if (!target.namespace().equals(check.namespace())) {
            reference.put("namespace", check.namespace());
        }
        return reference;
    }

    /** Lets objects of a kind in the target's namespace refer to the Service. Nothing within one namespace. */
    static Plan grant(RouteCheck check, TargetId target, ApiKind from) {
        if (target.namespace().equals(check.namespace())) {
            return Plan.NOTHING;
        }
        Map<String, Object> spec = Map.of(
                "from",
                List.of(Map.of("group", from.group(), "kind", from.kind(), "namespace", target.namespace())),
                "to",
                List.of(Map.of("group", "", "kind", "Service", "name", check.service())));
        return Plan.of(OwnObject.of(ApiKind.REFERENCE_GRANT, check.namespace(), check, target, spec));
    }
}
