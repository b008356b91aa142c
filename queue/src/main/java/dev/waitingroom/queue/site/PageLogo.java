package dev.waitingroom.queue.site;

import java.util.Arrays;

/**
 * The logo of a room's page.
 *
 * @param type what the bytes are, whatever the file was called
 */
public record PageLogo(Type type, byte[] bytes) {
    public static final int MAX_BYTES = 64 * 1024;

    private static final byte[] PNG_MAGIC = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG_MAGIC = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

    /** The kinds of image that a page shows. SVG may contain scripts, so it is not one of them. */
    public enum Type {
        PNG("image/png"),
        JPEG("image/jpeg");

        private final String mediaType;

        Type(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    /** @throws IllegalArgumentException if the bytes are too many, or not a PNG or JPEG; the message says how to fix it */
    public static PageLogo of(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("the logo has " + bytes.length + " bytes; at most " + MAX_BYTES
                    + " are allowed: make the image smaller");
        }
        if (begins(bytes, PNG_MAGIC)) {
            return new PageLogo(Type.PNG, bytes.clone());
        }
        if (begins(bytes, JPEG_MAGIC)) {
            return new PageLogo(Type.JPEG, bytes.clone());
        }
        throw new IllegalArgumentException("the logo is neither a PNG nor a JPEG; convert it to one of them");
    }

    private static boolean begins(byte[] bytes, byte[] magic) {
        return bytes.length >= magic.length && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PageLogo logo && type == logo.type && Arrays.equals(bytes, logo.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return type + " of " + bytes.length + " bytes";
    }
}
