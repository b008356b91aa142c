package dev.waitingroom.operator.scope;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The objects that an operator serves: of one namespace, or of all.
 *
 * @param namespace empty for all
 */
public record Scope(Optional<String> namespace) implements Comparable<Scope> {
    /** All namespaces. */
    public static final Scope ALL = new Scope(Optional.empty());

    private static final String LEASE = "waitingroom-operator";

    /** @param namespaces as installed; empty for all */
    public static List<Scope> of(Set<String> namespaces) {
        return namespaces.isEmpty()
                ? List.of(ALL)
                : namespaces.stream()
                        .sorted()
                        .map(name -> new Scope(Optional.of(name)))
                        .toList();
    }

    /** Name of the lease, the same for every release of the chart. */
    String lease() {
        return namespace.map(name -> LEASE + "." + name).orElse(LEASE);
    }

    @Override
    public int compareTo(Scope other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return namespace.map(name -> "namespace " + name).orElse("all namespaces");
    }
}
