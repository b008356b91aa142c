package dev.waitingroom.queue.site;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A colour of the sRGB space.
 *
 * @param red 0..255
 * @param green 0..255
 * @param blue 0..255
 */
public record Colour(int red, int green, int blue) {
    public static final Colour WHITE = new Colour(255, 255, 255);
    public static final Colour BLACK = new Colour(0, 0, 0);

    private static final Pattern LONG = Pattern.compile("#[0-9A-Fa-f]{6}");
    private static final Pattern SHORT = Pattern.compile("#[0-9A-Fa-f]{3}");
    private static final int MAX = 255;

    /** The share of white in the brightest colour of a hue, so that it does not glare. */
    private static final double SOFTENED = 0.2;

    public Colour {
        if (red < 0 || red > MAX || green < 0 || green > MAX || blue < 0 || blue > MAX) {
            throw new IllegalArgumentException("a part of a colour is 0..255");
        }
    }

    /** @throws IllegalArgumentException if the text is neither {@code #rrggbb} nor {@code #rgb} */
    public static Colour parse(String text) {
        if (LONG.matcher(text).matches()) {
            int rgb = Integer.parseInt(text.substring(1), 16);
            return new Colour(rgb >> 16, rgb >> 8 & MAX, rgb & MAX);
        }
        if (SHORT.matcher(text).matches()) {
            return new Colour(digit(text, 1), digit(text, 2), digit(text, 3));
        }
        throw new IllegalArgumentException("a colour is #rrggbb, such as #0b6e5f; not \"" + text + "\"");
    }

    private static int digit(String text, int at) {
        return Character.digit(text.charAt(at), 16) * 17;
    }

    /** How far two colours can be told apart: 1 for equal ones, 21 for black and white (WCAG 2.2, contrast ratio). */
    public double contrast(Colour other) {
        double lighter = Math.max(luminance(), other.luminance());
        double darker = Math.min(luminance(), other.luminance());
        return (lighter + 0.05) / (darker + 0.05);
    }

    /** Relative luminance (WCAG 2.2): 0 for black, 1 for white. */
    double luminance() {
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    private static double linear(int part) {
        double value = part / (double) MAX;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    /** @param share of the other colour, 0..1 */
    public Colour mix(Colour other, double share) {
        return new Colour(mix(red, other.red, share), mix(green, other.green, share), mix(blue, other.blue, share));
    }

    private static int mix(int from, int to, double share) {
        return (int) Math.round(from + (to - from) * share);
    }

    /** The nearest mixture with {@code towards} that has this contrast to the background. */
    public Colour readableOn(Colour background, Colour towards, double ratio) {
        for (int percent = 0; percent < 100; percent++) {
            Colour mixed = mix(towards, percent / 100.0);
            if (mixed.contrast(background) >= ratio) {
                return mixed;
            }
        }
        return towards;
    }

    /** The same hue, light enough for this contrast to a dark background. Mixed with white it would fade to grey. */
    public Colour lightenedOn(Colour background, double ratio) {
        int top = Math.max(red, Math.max(green, blue));
        if (top == 0) {
            return readableOn(background, WHITE, ratio);
        }
        Colour bright = new Colour(red * MAX / top, green * MAX / top, blue * MAX / top).mix(WHITE, SOFTENED);
        for (int percent = 0; percent <= 100; percent++) {
            Colour mixed = mix(bright, percent / 100.0);
            if (mixed.contrast(background) >= ratio) {
                return mixed;
            }
        }
        return bright.readableOn(background, WHITE, ratio);
    }

    /** As CSS writes it: {@code #rrggbb}. */
    public String css() {
        return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }
}
