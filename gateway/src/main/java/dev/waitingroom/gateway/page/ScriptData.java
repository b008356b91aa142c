package dev.waitingroom.gateway.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.waitingroom.gateway.api.Answers;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.TreeMap;

/** What the page's script begins with, as JSON for an element of HTML. */
final class ScriptData {
    private static final JsonFactory JSON = new JsonFactory();

    private ScriptData() {}

    /** @param key tells this visitor's joins from those of others */
    static String of(PageView view, String action, String key) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("event", view.eventId());
            json.writeStringField("state", view.state().label());
            json.writeFieldName("status");
            if (view.status().isPresent()) {
                json.writeRawValue(Answers.status(view.status().get()).toString());
            } else {
                json.writeNull();
            }
            json.writeStringField("reason", view.reason());
            json.writeStringField("title", view.settings().title());
            json.writeStringField("action", action);
            json.writeStringField("return", view.returnTo());
            json.writeStringField("key", key);
            json.writeStringField("code", view.handover().code());
            json.writeStringField("locale", locale(view.language()));
            json.writeNumberField("turnSeconds", view.turn().toSeconds());
            json.writeBooleanField("preview", view.preview());
            json.writeObjectFieldStart("text");
            for (var text : new TreeMap<>(view.language().texts()).entrySet()) {
                json.writeStringField(text.getKey(), text.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Only strings contain it. Without it no text can end the element.
        return out.toString().replace("<", "\\u003c");
    }

    /** The digits are those of the texts. */
    private static String locale(Language language) {
        return language.direction().equals("rtl") ? language.tag() + "-u-nu-arab" : language.tag();
    }
}
