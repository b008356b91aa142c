package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.session.HandoverCodec;
import java.time.Duration;
import java.util.Optional;

/**
 * What a page has to do with a move to another device.
 *
 * @param code of the link that was opened; empty if the page was opened otherwise
 * @param link to show to another device, if the visitor asked for one
 * @param shown how long a page without script shows the link before it refreshes
 */
record Handover(String code, Optional<Link> link, Duration shown) {
    static final Handover NONE = new Handover("", Optional.empty(), Duration.ZERO);

    /**
     * A link and the picture that a camera reads.
     *
     * @param url works for {@link HandoverCodec#LIFETIME}
     */
    record Link(String url, QrPicture picture) {
        static Link of(String url) {
            return new Link(url, QrPicture.of(url));
        }
    }

    /** A page that was opened by a link. */
    static Handover opened(String code) {
        return new Handover(code, Optional.empty(), Duration.ZERO);
    }

    /** A page that shows a link. */
    static Handover showing(Link link, Duration shown) {
        return new Handover("", Optional.of(link), shown);
    }
}
