package dev.waitingroom.gateway.page;

import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import dev.waitingroom.gateway.http.EntityTag;
import dev.waitingroom.gateway.http.ThrottledLogger;
import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.site.PageTemplate;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes HTML of a view, by the operator's template or the built-in one. Thread-safe. */
final class PageRenderer {
    private static final Logger LOGGER = LoggerFactory.getLogger(PageRenderer.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);
    private static final int MAX_CHARACTERS = 4 * 1024 * 1024;
    private static final int RANDOM_BYTES = 16;

    private final PageAssets assets = PageAssets.load();
    private final PageTemplates templates = new PageTemplates(assets);
    private final String version = assets.version();
    private final SecureRandom random = new SecureRandom();
    private final ThrottledLogger log = new ThrottledLogger(LOGGER, LOG_INTERVAL, System::nanoTime);
    private final Languages languages;

    PageRenderer(Languages languages) {
        this.languages = languages;
    }

    /**
     * @param nonce of the Content-Security-Policy that the page needs
     */
    record Page(String html, String nonce) {}

    /** A template that fails gives way to the built-in page: visitors must not lose their places to a typing error. */
    Page render(PageView view) {
        String nonce = unguessable();
        Map<String, Object> model = PageModel.of(view, languages, assets, nonce, unguessable());
        Optional<PageTemplate> own = view.settings().template();
        if (own.isPresent()) {
            try {
                return new Page(execute(templates.of(own.get()), model), nonce);
            } catch (MustacheException e) {
                log.atWarn()
                        .addKeyValue(LogKeys.EVENT_ID, view.eventId())
                        .addKeyValue(LogKeys.DETAIL, e.getMessage())
                        .log("the room's own page template failed; the built-in page is served");
            }
        }
        return new Page(execute(templates.builtIn(), model), nonce);
    }

    private static String execute(Template template, Map<String, Object> model) {
        BoundedWriter out = new BoundedWriter(MAX_CHARACTERS);
        template.execute(model, out);
        return out.toString();
    }

    /** The tag of a page without a place: nonce and key aside, it is the same for all visitors of a language. */
    EntityTag tag(PageView view) {
        return EntityTag.weak(String.join(
                "\n",
                version,
                view.language().tag(),
                view.state().label(),
                view.reason(),
                view.returnTo(),
                view.eventId(),
                view.turn().toString(),
                Integer.toHexString(view.settings().hashCode())));
    }

    private String unguessable() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
