package dev.waitingroom.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Writes one flat JSON object straight into bytes. Status is what a gateway does all day: no tree, no reflection, one array.
 * Names must be plain ASCII that needs no escape; values may be anything.
 */
public final class Json {
    private static final HexFormat HEX = HexFormat.of();

    private byte[] bytes = new byte[384];
    private int length;
    private char separator = '{';

    public Json field(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    public Json field(String name, long value) {
        name(name);
        ascii(Long.toString(value));
        return this;
    }

    public Json field(String name, boolean value) {
        name(name);
        ascii(value ? "true" : "false");
        return this;
    }

    public Json field(String name, long first, long second) {
        name(name);
        put('[');
        ascii(Long.toString(first));
        put(',');
        ascii(Long.toString(second));
        put(']');
        return this;
    }

    /** Ends the object. */
    public Buffer end() {
        if (separator == '{') {
            put('{');
        }
        put('}');
        return Buffer.buffer(Arrays.copyOf(bytes, length));
    }

    private void name(String name) {
        put(separator);
        separator = ',';
        put('"');
        ascii(name);
        put('"');
        put(':');
    }

    private void string(String value) {
        put('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                put('\\');
                put(c);
            } else if (c >= ' ' && c < 0x7f) {
                put(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                raw(value.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
                i++;
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                put('\\');
                put('u');
                ascii(HEX.toHexDigits(c));
            } else {
                raw(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        put('"');
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    private void raw(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void put(char c) {
        room(1);
        bytes[length++] = (byte) c;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
