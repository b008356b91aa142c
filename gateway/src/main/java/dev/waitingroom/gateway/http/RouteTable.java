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
    private final List<Variable> trees;
    private final String methods;

    RouteTable(List<Route> routes) {
        this.fixed = routes.stream()
                .filter(route -> !PathTemplate.isTemplate(route.path()))
                .collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
        this.variable = templates(routes, false);
        this.trees = templates(routes, true);
        this.methods = routes.stream()
                .flatMap(route -> Arrays.stream(route.allow().split(", ", -1)))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static List<Variable> templates(List<Route> routes, boolean trees) {
        return routes.stream()
                .filter(route -> PathTemplate.isTemplate(route.path()) && route.isTree() == trees)
                .map(route -> new Variable(PathTemplate.parse(route.path()), route))
                .toList();
    }

    private record Variable(PathTemplate template, Route route) {}

    /**
     * @param variable the segment in place of the route's variable; empty if it has none
     * @param below the rest of the path; empty unless the route has all paths below its own
     */
    record Match(Route route, String variable, String below) {}

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
        if (match == null && path.endsWith("/")) {
            match = exact(path.substring(0, path.length() - 1));
        }
        return match == null ? below(path) : match;
    }

    private @Nullable Match below(String path) {
        for (Variable candidate : trees) {
            int end = candidate.template().end(path);
            if (end >= 0) {
                int start = candidate.template().prefix().length();
                return new Match(candidate.route(), path.substring(start, end), path.substring(end));
            }
        }
        return null;
    }

    private @Nullable Match exact(String path) {
        Route route = fixed.get(path);
        if (route != null) {
            return new Match(route, "", "");
        }
        for (Variable candidate : variable) {
            String value = candidate.template().match(path);
            if (value != null) {
                return new Match(candidate.route(), value, "");
            }
        }
        return null;
    }
}
