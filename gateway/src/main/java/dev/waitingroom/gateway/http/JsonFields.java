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

/** The text fields of a JSON object that a caller sent. Others are skipped, so that clients may send more than we read. */
public final class JsonFields {
    /** The most characters that a text field may have: code points, as JSON Schema counts them. */
    public static final int MAX_TEXT = 128;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, String> values;

    private JsonFields(Map<String, String> values) {
        this.values = values;
    }

    /** @throws ProblemException if the body is no JSON object, or one of the named fields is no text (null counts as absent) */
    public static JsonFields read(byte[] body, Set<String> names) {
        if (body.length == 0) {
            throw malformed("the body is empty; send a JSON object");
        }
        try (JsonParser parser = JSON.createParser(text(body))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("the body is no JSON object");
            }
            Map<String, String> values = new HashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (!names.contains(name)) {
                    parser.skipChildren();
                } else if (token == JsonToken.VALUE_STRING) {
                    values.put(name, parser.getText());
                } else if (token != JsonToken.VALUE_NULL) {
                    throw Problem.of(HttpProblem.INVALID_FIELD, name + " must be a string")
                            .exception();
                }
            }
            if (parser.nextToken() != null) {
                throw malformed("the body goes on after its JSON object");
            }
            return new JsonFields(values);
        } catch (IOException e) {
            // Jackson's own words may quote the body.
            throw malformed("the body is no well-formed JSON");
        }
    }

    /** Jackson's reader of bytes refuses names with an escaped pair of surrogates; its reader of text does not. */
    private static String text(byte[] body) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body))
                .toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** Text as it was sent, unchecked. */
    public Optional<String> raw(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** @throws ProblemException if it is there, and not 1..128 printable characters */
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
                throw Problem.of(HttpProblem.INVALID_FIELD, name + " must not hold control characters")
                        .exception();
            }
            return value;
        });
    }

    /** @throws ProblemException if it is not there, or not 1..128 printable characters */
    public String required(String name) {
        return text(name)
                .orElseThrow(() -> Problem.of(HttpProblem.MISSING_FIELD, name + " is missing")
                        .exception());
    }

    /** Half a surrogate pair is no character: it would not survive being written as UTF-8. */
    private static boolean printable(String value) {
        return value.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private static ProblemException malformed(String detail) {
        return Problem.of(HttpProblem.MALFORMED_JSON, detail).exception();
    }
}
