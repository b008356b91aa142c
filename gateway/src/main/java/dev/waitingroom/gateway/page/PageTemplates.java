package dev.waitingroom.gateway.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import dev.waitingroom.queue.site.PageTemplate;
import java.io.StringReader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The built-in template and those of operators, compiled. A template sees only the maps that it is given: no method or field of an object.
 * Thread-safe.
 */
final class PageTemplates {
    private static final int MAX_CACHED = 200;

    private final Mustache.Compiler compiler;
    private final Template builtIn;
    private final Cache<PageTemplate, Template> own =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

    PageTemplates(PageAssets assets) {
        Map<String, String> partials = Map.of(
                PageTemplate.HEAD,
                assets.head(),
                PageTemplate.ROOM,
                assets.room(),
                PageTemplate.SCRIPT,
                assets.script());
        this.compiler = Mustache.compiler()
                .emptyStringIsFalse(true)
                .withCollector(new MapsOnly())
                .withLoader(name -> {
                    String partial = partials.get(name);
                    if (partial == null) {
                        throw new MustacheException("there is no part " + name);
                    }
                    return new StringReader(partial);
                });
        this.builtIn = compiler.compile(assets.page());
    }

    Template builtIn() {
        return builtIn;
    }

    Template of(PageTemplate template) {
        return own.get(template, text -> compiler.compile(text.text()));
    }

    /** Reads maps and lists only. */
    private static final class MapsOnly extends BasicCollector {
        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new ConcurrentHashMap<>();
        }
    }
}
