package dev.waitingroom.queue.site;

import java.util.Optional;

/**
 * The look of a room's page.
 *
 * @param title the name of what visitors wait for, at most 80 characters; if empty, the page shows only the state of the line
 * @param message what the operator tells visitors, at most 500 characters; may be empty
 * @param colours of light mode
 * @param logo shown above the title
 * @param template used in place of the built-in page
 */
public record PageSettings(
        String title, String message, PageColours colours, Optional<PageLogo> logo, Optional<PageTemplate> template) {
    public static final int MAX_TITLE = 80;
    public static final int MAX_MESSAGE = 500;

    public static final PageSettings DEFAULT =
            new PageSettings("", "", PageColours.DEFAULT, Optional.empty(), Optional.empty());

    public PageSettings {
        check("title", title, MAX_TITLE);
        check("message", message, MAX_MESSAGE);
    }

    private static void check(String field, String text, int max) {
        int characters = text.codePointCount(0, text.length());
        if (characters > max) {
            throw new IllegalArgumentException(
                    field + " has " + characters + " characters; at most " + max + " are allowed");
        }
    }
}
