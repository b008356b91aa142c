package dev.waitingroom.gateway.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.waitingroom.gateway.api.Answers;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.session.HandoverCodec;
import dev.waitingroom.gateway.session.ReturnPath;
import dev.waitingroom.gateway.session.VisitorCookie;
import dev.waitingroom.queue.room.TicketStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Answers the form: a redirect for browsers without script, JSON for the page's script. Nothing is in both but the cookies. */
final class FormAnswer {
    private static final JsonFactory JSON = new JsonFactory();

    /** As long as the longest ttl of a room. */
    private static final Duration COOKIE_AGE = Duration.ofDays(1);

    private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]+");

    private final Exchange exchange;
    private final PageViews.Request request;
    private final boolean json;
    private final String origin;

    /** Created before the exchange waits, since it reads headers. */
    FormAnswer(Exchange exchange, PageViews.Request request) {
        this.exchange = exchange;
        this.request = request;
        this.json = exchange.head()
                .header("Accept")
                .filter(accept -> accept.startsWith("application/json"))
                .isPresent();
        this.origin = exchange.head()
                .header(HttpHeaders.ORIGIN)
                .filter(text -> ORIGIN.matcher(text).matches())
                .orElseGet(() -> (exchange.secure() ? "https://" : "http://")
                        + exchange.head().header(HttpHeaders.HOST).orElse(""));
    }

    /** Whether the page's script asks. */
    boolean isJson() {
        return json;
    }

    /** Scheme and host as the visitor's browser knows them, whatever proxies are between. Browsers say so with each form. */
    String origin() {
        return origin;
    }

    Exchange exchange() {
        return exchange;
    }

    PageViews.Request request() {
        return request;
    }

    /** The browser keeps the token, with which the page finds the place again. */
    void keep(String token) {
        exchange.setCookie(VisitorCookie.WAITING_TOKEN.set(request.eventId(), exchange.secure(), token, COOKIE_AGE));
    }

    /** The visitor has a place. */
    void placed(PageState state, TicketStatus status, Duration retryAfter) {
        if (json) {
            write(state, Optional.of(status), "", Optional.of(retryAfter));
        } else {
            redirectToPage(Optional.empty());
        }
    }

    /** The visitor has a place, and where is not known now. */
    void away(Duration retryAfter) {
        if (json) {
            write(PageState.AWAY, Optional.empty(), "", Optional.of(retryAfter));
        } else {
            redirectToPage(Optional.empty());
        }
    }

    /** The visitor has no place. */
    void bare(PageState state, String reason, Duration retryAfter) {
        if (json) {
            write(state, Optional.empty(), reason, Optional.of(retryAfter));
        } else {
            redirectToPage(Optional.of(state));
        }
    }

    /**
     * The place was not moved, and the visitor may try again.
     *
     * @param code of the link; empty if the place was to be taken back
     */
    void notMoved(String code, Duration retryAfter) {
        if (json) {
            write(PageState.BUSY, Optional.empty(), "", Optional.of(retryAfter));
        } else {
            exchange.writer().redirect(page() + (code.isEmpty() ? "" : PageEndpoint.withCode(code)));
        }
    }

    /** A link for the script to show. */
    void link(PageState state, Handover.Link link) {
        write(json -> {
            json.writeStringField("state", state.label());
            json.writeObjectFieldStart("link");
            json.writeStringField("url", link.url());
            json.writeNumberField("size", link.picture().size());
            json.writeStringField("path", link.picture().path());
            json.writeNumberField("lastsMillis", HandoverCodec.LIFETIME.toMillis());
            json.writeEndObject();
        });
    }

    /** The visitor is admitted, and goes where they wanted to. */
    void admitted() {
        if (!json) {
            exchange.writer().redirect(request.returnTo());
            return;
        }
        write(json -> {
            json.writeStringField("state", PageState.ENTERING.label());
            json.writeStringField("location", request.returnTo());
        });
    }

    private void write(PageState state, Optional<TicketStatus> status, String reason, Optional<Duration> retryAfter) {
        write(json -> {
            json.writeStringField("state", state.label());
            json.writeStringField("reason", reason);
            if (status.isPresent()) {
                json.writeFieldName("status");
                json.writeRawValue(Answers.status(status.get()).toString());
            }
            if (retryAfter.isPresent()) {
                json.writeNumberField("retryMillis", retryAfter.get().toMillis());
            }
        });
    }

    /** Writes the members of an object. */
    @FunctionalInterface
    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private void write(Members members) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            generator.writeStartObject();
            members.write(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        exchange.answer(200, Buffer.buffer(out.toString()));
    }

    private void redirectToPage(Optional<PageState> outcome) {
        String told = outcome.map(state -> "&" + PageEndpoint.OUTCOME + "=" + state.label())
                .orElse("");
        exchange.writer().redirect(page() + told);
    }

    private String page() {
        return new ReturnPath(request.returnTo()).from(request.eventId());
    }
}
