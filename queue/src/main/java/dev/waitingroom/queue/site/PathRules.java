package dev.waitingroom.queue.site;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Which paths only admitted visitors reach. A path that a service may read in two ways is protected: the rules and the service could
 * otherwise disagree about it.
 *
 * @param include the protected paths; none for all
 * @param exclude paths that are open although they are included
 */
public record PathRules(List<PathRule> include, List<PathRule> exclude) {
    /** Protects all paths. */
    public static final PathRules ALL = new PathRules(List.of(), List.of());

    public PathRules {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** @param rawPath as in the request line, without the query */
    public boolean protects(String rawPath) {
        if (include.isEmpty() && exclude.isEmpty()) {
            return true;
        }
        Optional<String> path = unambiguous(rawPath);
        if (path.isEmpty()) {
            return true;
        }
        boolean included = include.isEmpty() || include.stream().anyMatch(rule -> rule.matches(path.get()));
        return included && exclude.stream().noneMatch(rule -> rule.matches(path.get()));
    }

    /** The decoded path. Empty if services differ in how they read it: empty or dot segments, backslashes, parameters, encoded slashes. */
    private static Optional<String> unambiguous(String raw) {
        return decoded(raw)
                .filter(path -> path.startsWith("/")
                        && !path.contains("//")
                        && !(path + "/").contains("/./")
                        && !(path + "/").contains("/../")
                        && path.chars().noneMatch(c -> c == '\\' || c == ';' || c == '%' || c < ' ' || c == 0x7f));
    }

    private static Optional<String> decoded(String raw) {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 3);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
                byte decoded = (byte) (high << 4 | low);
                if (low < 0 || decoded == '/') {
                    return Optional.empty();
                }
                bytes.put(decoded);
                i += 2;
            } else {
                bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
