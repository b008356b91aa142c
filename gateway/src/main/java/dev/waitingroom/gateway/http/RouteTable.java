package dev.waitingroom.gateway.http;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the route of a path: fixed paths by one map, then the few templates one by one. Immutable. */
final class RouteTable {
    private final Map<String, Route> fixed;
    private final List<Variable> variable;
    private final String methods;

    RouteTable(List<Route> routes) {
        this.fixed = routes.stream()
                .filter(route -> !PathTemplate.isTemplate(route.path()))
                .collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
        this.variable = routes.stream()
                .filter(route -> PathTemplate.isTemplate(route.path()))
                .map(route -> new Variable(PathTemplate.parse(route.path()), route))
                .toList();
        this.methods = routes.stream()
                .flatMap(route -> Arrays.stream(route.allow().split(", ", -1)))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private record Variable(PathTemplate template, Route route) {}

    /** @param variable the segment in place of the route's variable; empty if it has none */
    record Match(Route route, String variable) {}

    /** The methods of all routes, for the Allow header. */
    String methods() {
        return methods;
    }

    /** Ignores a trailing slash. */
    @Nullable
    Match find(@Nullable String path) {
        if (path == null) {
            return null;
        }
        Match match = exact(path);
        return match == null && path.endsWith("/") ? exact(path.substring(0, path.length() - 1)) : match;
    }

    private @Nullable Match exact(String path) {
        Route route = fixed.get(path);
        if (route != null) {
            return new Match(route, "");
        }
        for (Variable candidate : variable) {
            String value = candidate.template().match(path);
            if (value != null) {
                return new Match(candidate.route(), value);
            }
        }
        return null;
    }
}
