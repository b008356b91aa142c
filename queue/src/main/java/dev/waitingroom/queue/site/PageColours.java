package dev.waitingroom.queue.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The colours of a room's page in light mode. In dark mode the page has its own background and text, and a lighter accent.
 *
 * @param accent of buttons, links and the progress bar
 * @param background of the page
 * @param text on the background
 */
public record PageColours(Colour accent, Colour background, Colour text) {
    /** WCAG 2.2, 1.4.3: contrast of text. */
    public static final double MIN_CONTRAST = 4.5;

    /** More than the minimum, since light text on black looks thinner. */
    private static final double DARK_CONTRAST = 7;

    public static final PageColours DEFAULT =
            new PageColours(Colour.parse("#0b6b5d"), Colour.parse("#fbfaf8"), Colour.parse("#1d1f20"));

    /** The background of dark mode. */
    public static final Colour DARK = Colour.parse("#131516");

    /** Each pair of colours without enough contrast, in a sentence with the fix; empty if all can be read. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        check(problems, "text", text, "make it darker or lighter");
        check(problems, "accent", accent, "buttons and links have this colour; make it darker or lighter");
        return List.copyOf(problems);
    }

    private void check(List<String> problems, String field, Colour colour, String fix) {
        double contrast = colour.contrast(background);
        if (contrast < MIN_CONTRAST) {
            problems.add(String.format(
                    Locale.ROOT,
                    "%s %s on background %s has a contrast of %.1f, and needs %.1f; %s",
                    field,
                    colour.css(),
                    background.css(),
                    contrast,
                    MIN_CONTRAST,
                    fix));
        }
    }

    /** The text on a button: white or black. */
    public Colour onAccent() {
        return on(accent);
    }

    /** The accent in dark mode, light enough to be read. */
    public Colour darkAccent() {
        return accent.lightenedOn(DARK, DARK_CONTRAST);
    }

    /** The text on a button in dark mode. */
    public Colour onDarkAccent() {
        return on(darkAccent());
    }

    private static Colour on(Colour colour) {
        return colour.contrast(Colour.WHITE) >= MIN_CONTRAST ? Colour.WHITE : Colour.BLACK;
    }
}
