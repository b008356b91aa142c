package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What controllers say of what was written, and owners of what they had to add. Pure. */
final class Verdicts {
    private static final List<String> OPEN_PATHS = List.of("/waiting/", "/api/v1/queue/");

    private Verdicts() {}

    /**
     * The condition Programmed.
     *
     * @param written the objects as they are now, with the status that their controller gave them
     */
    static Finding programmed(
            Plan plan, RouteTarget target, List<GenericKubernetesResource> written, ServingGateway gateway) {
        List<Object> missing = List.copyOf(plan.filters().stream()
                .filter(filter -> !eachRuleHas(target, filter))
                .toList());
        if (!missing.isEmpty()) {
            return Finding.bad(
                    "FilterMissing",
                    "The rules of an HTTPRoute are one field, and belong to its owner. Add this to the filters of each rule that visitors reach, but not to rules for /waiting/ and /api/v1/queue/:\n"
                            + String.join(
                                    "", missing.stream().map(Verdicts::yaml).toList()));
        }
        Stream<Object> policies = written.stream()
                .filter(object -> ApiKind.SECURITY_POLICY.kind().equals(object.getKind()))
                .flatMap(object -> conditions(object, "ancestors"));
        Stream<Object> routes = plan.filters().isEmpty() ? Stream.of() : conditions(target.object(), "parents");
        return Stream.concat(policies, routes)
                .filter(condition ->
                        Trees.text(condition, "status").filter("False"::equals).isPresent())
                .findFirst()
                .map(condition -> Finding.bad(
                        "RefusedByController",
                        "The controller says " + Trees.text(condition, "reason").orElse("no") + ": "
                                + Trees.text(condition, "message").orElse("")))
                .orElseGet(() -> asks(plan, gateway));
    }

    private static Finding asks(Plan plan, ServingGateway gateway) {
        List<String> sentences = new ArrayList<>(List.of("The target asks the room."));
        if (!gateway.trustsProxies()) {
            sentences.add(
                    "WaitingRoomGateway " + gateway.id().name()
                            + " trusts no proxy: it does not see that a visitor came over https, nor the path. Name the addresses of the proxy's pods in its spec.clients.trustedProxies.");
        }
        sentences.addAll(plan.notes());
        return Finding.good(gateway.trustsProxies() ? "Programmed" : "ProxyNotTrusted", String.join(" ", sentences));
    }

    /** The conditions Accepted of the current generation. */
    private static Stream<Object> conditions(GenericKubernetesResource object, String list) {
        String generation = String.valueOf(object.getMetadata().getGeneration());
        return Trees.list(object.getAdditionalProperties(), "status", list).stream()
                .flatMap(entry -> Trees.list(entry, "conditions").stream())
                .filter(condition ->
                        Trees.text(condition, "type").filter("Accepted"::equals).isPresent())
                .filter(condition -> Trees.text(condition, "observedGeneration")
                        .map(seen -> Objects.equals(seen, generation))
                        .orElse(true));
    }

    /** Whether each rule with a backend has the filter, except those that lead to the gateway itself. */
    private static boolean eachRuleHas(RouteTarget target, Object filter) {
        List<Object> rules = Trees.list(target.tree(), "spec", "rules").stream()
                .filter(rule -> !Trees.list(rule, "backendRefs").isEmpty() && !leadsToPage(rule))
                .toList();
        return !rules.isEmpty()
                && rules.stream()
                        .allMatch(rule ->
                                Trees.list(rule, "filters").stream().anyMatch(there -> Trees.contains(there, filter)));
    }

    /** Whether the rule matches only paths that the gateway serves on the visitor's host. */
    private static boolean leadsToPage(Object rule) {
        List<Object> matches = Trees.list(rule, "matches");
        return !matches.isEmpty()
                && matches.stream()
                        .allMatch(match -> !Trees.text(match, "path", "type")
                                        .filter("RegularExpression"::equals)
                                        .isPresent()
                                && OPEN_PATHS.stream()
                                        .anyMatch((Trees.text(match, "path", "value")
                                                        .orElse("/") + "/")::startsWith));
    }

    private static String yaml(Object filter) {
        return Serialization.asYaml(List.of(Trees.sorted(filter))).replaceFirst("^---\n", "");
    }
}
