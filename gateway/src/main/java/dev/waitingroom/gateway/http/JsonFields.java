package dev.waitingroom.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The text fields and flags of a JSON object that a caller sent. Unknown fields are ignored. */
public final class JsonFields {
    /** The maximum length of a text field, in code points, as JSON Schema counts them. */
    public static final int MAX_TEXT = 128;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, String> values;
    private final Map<String, Boolean> flags;

    private JsonFields(Map<String, String> values, Map<String, Boolean> flags) {
        this.values = values;
        this.flags = flags;
    }

    /** @throws ProblemException if the body is not a JSON object, or one of the named fields is not text; null counts as absent */
    public static JsonFields read(byte[] body, Set<String> names) {
        return read(body, names, Set.of());
    }

    /**
     * @param names the text fields
     * @param flagNames the fields that are true or false
     * @throws ProblemException if the body is not a JSON object, or one of the fields has another type; null counts as absent
     */
    public static JsonFields read(byte[] body, Set<String> names, Set<String> flagNames) {
        if (body.length == 0) {
            throw malformed("the body is empty; send a JSON object");
        }
        try (JsonParser parser = JSON.createParser(text(body))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("the body is not a JSON object");
            }
            Map<String, String> values = new HashMap<>();
            Map<String, Boolean> flags = new HashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (names.contains(name) && isA(token, token == JsonToken.VALUE_STRING, name, "a string")) {
                    values.put(name, parser.getText());
                } else if (flagNames.contains(name) && isA(token, token.isBoolean(), name, "true or false")) {
                    flags.put(name, token == JsonToken.VALUE_TRUE);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw malformed("the body continues after its JSON object");
            }
            return new JsonFields(values, flags);
        } catch (IOException e) {
            // The message of Jackson may quote the body.
            throw malformed("the body is not well-formed JSON");
        }
    }

    /** Whether the field is present. If its type is wrong, says which one it must have. */
    private static boolean isA(JsonToken token, boolean right, String name, String type) {
        if (!right && token != JsonToken.VALUE_NULL) {
            throw Problem.of(HttpProblem.INVALID_FIELD, name + " must be " + type)
                    .exception();
        }
        return right;
    }

    /** Decodes first, since Jackson's reader of bytes refuses names with an escaped pair of surrogates. Its reader of text does not. */
    private static String text(byte[] body) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body))
                .toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** Whether the field is true. */
    public boolean flag(String name) {
        return flags.getOrDefault(name, false);
    }

    /** The text as sent, unchecked. */
    public Optional<String> raw(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** @throws ProblemException if the field is present, but not 1..128 printable characters */
    public Optional<String> text(String name) {
        return raw(name).map(value -> {
            int characters = value.codePointCount(0, value.length());
            if (characters == 0 || characters > MAX_TEXT) {
                throw Problem.of(
                                HttpProblem.INVALID_FIELD,
                                name + " must have 1.." + MAX_TEXT + " characters, not " + characters)
                        .exception();
            }
            if (!printable(value)) {
                throw Problem.of(HttpProblem.INVALID_FIELD, name + " must not contain control characters")
                        .exception();
            }
            return value;
        });
    }

    /** @throws ProblemException if the field is absent, or not 1..128 printable characters */
    public String required(String name) {
        return text(name)
                .orElseThrow(() -> Problem.of(HttpProblem.MISSING_FIELD, name + " is missing")
                        .exception());
    }

    /** A lone surrogate is not a character and cannot be written as UTF-8. */
    private static boolean printable(String value) {
        return value.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private static ProblemException malformed(String detail) {
        return Problem.of(HttpProblem.MALFORMED_JSON, detail).exception();
    }
}
