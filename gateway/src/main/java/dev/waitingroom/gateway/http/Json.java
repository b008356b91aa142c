package dev.waitingroom.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Writes a flat JSON object into one array, without a tree or reflection: status is the hot path. Names must be ASCII that needs no escape.
 * Values may be any text.
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
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    private void raw(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void put(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
