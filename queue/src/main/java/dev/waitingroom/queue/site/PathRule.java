package dev.waitingroom.queue.site;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** A set of paths. */
public sealed interface PathRule {
    /** Whether the set has a path. */
    boolean matches(String path);

    /**
     * A path and all below it.
     *
     * @param path begins with a slash
     */
    record Prefix(String path) implements PathRule {
        public Prefix {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("a prefix begins with /, but this one is \"" + path + "\"");
            }
        }

        @Override
        public boolean matches(String other) {
            return other.startsWith(path)
                    && (path.endsWith("/") || other.length() == path.length() || other.charAt(path.length()) == '/');
        }
    }

    /** All paths with a part that matches. RE2 takes linear time, so that no pattern can hang a gateway. */
    record Regex(Pattern pattern) implements PathRule {
        /** @throws IllegalArgumentException if RE2 does not know the syntax */
        public static Regex of(String pattern) {
            try {
                return new Regex(Pattern.compile(pattern));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "\"" + pattern + "\" is not a regular expression of RE2: " + e.getDescription(), e);
            }
        }

        @Override
        public boolean matches(String path) {
            return pattern.matcher(path).find();
        }
    }
}
