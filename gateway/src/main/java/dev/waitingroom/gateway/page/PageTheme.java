package dev.waitingroom.gateway.page;

import dev.waitingroom.queue.site.Colour;
import dev.waitingroom.queue.site.PageColours;

/** The colours of a page as CSS variables, in light and dark mode. Lesser texts and lines are derived, and stay readable. */
final class PageTheme {
    private static final Colour DARK_INK = Colour.parse("#ececea");
    private static final double SOFT = 0.32;
    private static final double LINE = 0.86;
    private static final double WASH = 0.92;

    private PageTheme() {}

    static String css(PageColours colours) {
        return ":root{color-scheme:light dark;"
                + variables(colours.background(), colours.text(), colours.accent(), colours.onAccent())
                + "}\n@media (prefers-color-scheme:dark){:root{"
                + variables(PageColours.DARK, DARK_INK, colours.darkAccent(), colours.onDarkAccent())
                + "}}";
    }

    private static String variables(Colour ground, Colour ink, Colour accent, Colour onAccent) {
        Colour wash = accent.mix(ground, WASH);
        return "--wr-ground:" + ground.css()
                + ";--wr-ink:" + ink.css()
                + ";--wr-accent:" + accent.css()
                + ";--wr-on-accent:" + onAccent.css()
                + ";--wr-soft:"
                + ink.mix(ground, SOFT)
                        .readableOn(ground, ink, PageColours.MIN_CONTRAST)
                        .css()
                + ";--wr-line:" + ink.mix(ground, LINE).css()
                + ";--wr-wash:" + wash.css();
    }
}
