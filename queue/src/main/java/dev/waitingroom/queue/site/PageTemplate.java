package dev.waitingroom.queue.site;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * An operator's own template of the page, in Mustache.
 *
 * @param text that compiles, and has every partial that a page needs
 */
public record PageTemplate(String text) {
    public static final int MAX_BYTES = 1024 * 1024;

    /** Parts of the built-in page that a template includes, as in <code>{{> room}}</code>. */
    public static final String HEAD = "head";

    public static final String ROOM = "room";
    public static final String SCRIPT = "script";

    private static final String LIST = "languages";
    private static final Set<String> PARTIALS = Set.of(HEAD, ROOM, SCRIPT);

    /** @throws IllegalArgumentException if no page can be made of it; the message says how to fix it */
    public PageTemplate {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the template has " + bytes + " bytes; at most " + MAX_BYTES + " are allowed");
        }
        Set<String> included = included(text);
        for (String partial : PARTIALS.stream().sorted().toList()) {
            if (!included.contains(partial)) {
                throw new IllegalArgumentException("the template lacks {{> " + partial + "}}, which every page needs");
            }
        }
    }

    /** The partials of a template. It is compiled, and not executed. */
    private static Set<String> included(String text) {
        Set<String> included = new HashSet<>();
        Partials partials = new Partials(included);
        try {
            Mustache.compiler()
                    .withLoader(name -> Reader.nullReader())
                    .compile(text)
                    .visit(partials);
        } catch (MustacheException e) {
            throw new IllegalArgumentException("the template is not valid Mustache: " + e.getMessage(), e);
        }
        return included;
    }

    /** Collects the names of partials, in sections too. */
    private record Partials(Set<String> names) implements Mustache.Visitor {
        @Override
        public void visitText(String text) {}

        @Override
        public void visitVariable(String name) {}

        @Override
        public boolean visitInclude(String name) {
            if (!PARTIALS.contains(name)) {
                throw new IllegalArgumentException(
                        "the template includes {{> " + name + "}}; there are head, room and script");
            }
            names.add(name);
            return false;
        }

        @Override
        public boolean visitParent(String name) {
            throw new IllegalArgumentException("the template has the parent " + name + "; parents are not supported");
        }

        /** Nested, the only list there is would multiply the work for a page without end. */
        @Override
        public boolean visitSection(String name) {
            if (name.equals(LIST) && !names.add(LIST)) {
                throw new IllegalArgumentException("the template has {{#languages}} twice; once is allowed");
            }
            return true;
        }

        @Override
        public boolean visitInvertedSection(String name) {
            return true;
        }
    }
}
