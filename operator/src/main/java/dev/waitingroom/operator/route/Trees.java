package dev.waitingroom.operator.route;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the fields of objects without classes. Pure. */
final class Trees {
    private Trees() {}

    /** The value of a field; empty if it, or one above it, is absent. */
    static Optional<Object> at(@Nullable Object tree, String... path) {
        @Nullable Object at = tree;
        for (String field : path) {
            at = at instanceof Map<?, ?> map ? map.get(field) : null;
        }
        return Optional.ofNullable(at);
    }

    static Optional<String> text(@Nullable Object tree, String... path) {
        return at(tree, path).map(String::valueOf);
    }

    /** The elements of a list; empty if it is absent. */
    static List<Object> list(@Nullable Object tree, String... path) {
        return at(tree, path).stream()
                .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.empty())
                .<Object>map(Objects::requireNonNull)
                .toList();
    }

    static List<String> texts(@Nullable Object tree, String... path) {
        return list(tree, path).stream().map(String::valueOf).toList();
    }

    /** The same with sorted fields, so that text made of it does not change. */
    static Object sorted(Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                var fields = new TreeMap<String, Object>();
                map.forEach((name, value) -> fields.put(String.valueOf(name), sorted(value)));
                yield fields;
            }
            case List<?> list -> list.stream().map(Trees::sorted).toList();
            default -> tree;
        };
    }

    /** Whether a tree has every field of a part. Lists must have the same number of elements. */
    static boolean contains(@Nullable Object whole, @Nullable Object part) {
        if (part instanceof Map<?, ?> wanted) {
            return whole instanceof Map<?, ?> there
                    && wanted.entrySet().stream()
                            .allMatch(field -> contains(there.get(field.getKey()), field.getValue()));
        }
        if (part instanceof List<?> wanted) {
            if (!(whole instanceof List<?> there) || there.size() != wanted.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!contains(there.get(i), wanted.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return String.valueOf(whole).equals(String.valueOf(part));
    }
}
