package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.http.EntityTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The files of the page, read once. */
record PageAssets(String page, String head, String room, String script, String style, String code) {
    static PageAssets load() {
        return new PageAssets(
                resource("page.mustache"),
                resource("head.mustache"),
                resource("room.mustache"),
                resource("script.mustache"),
                resource("page.css"),
                resource("page.js"));
    }

    /** Changes with each file. */
    String version() {
        return EntityTag.weak(page + head + room + script + style + code).text();
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(PageAssets.class.getResourceAsStream("/page/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
