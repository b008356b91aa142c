package dev.waitingroom.gateway.page;

import java.io.IOException;
import java.io.Writer;

/** Collects text up to a length, so that a template whose sections multiply cannot fill the memory. */
final class BoundedWriter extends Writer {
    private final StringBuilder text = new StringBuilder(48 * 1024);
    private final int max;

    /** @param max characters */
    BoundedWriter(int max) {
        this.max = max;
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
        if (text.length() + length > max) {
            throw new IOException("the page has more than " + max + " characters");
        }
        text.append(buffer, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return text.toString();
    }
}
