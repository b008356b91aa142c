package dev.waitingroom.gateway.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A language of the page.
 *
 * @param tag of BCP 47
 * @param texts by key; <code>{name}</code> in a text is a placeholder
 */
record Language(String tag, Map<String, String> texts, NumberText numbers, PluralRule plurals) {
    Language {
        texts = Map.copyOf(texts);
    }

    /** Reads {@code page/text/TAG.properties}. */
    static Language load(String tag) {
        Properties file = new Properties();
        try (InputStream in =
                Objects.requireNonNull(Language.class.getResourceAsStream("/page/text/" + tag + ".properties"))) {
            file.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> texts = new TreeMap<>();
        file.stringPropertyNames().forEach(key -> texts.put(key, file.getProperty(key)));
        NumberText numbers = new NumberText(
                take(texts, "number.group"),
                take(texts, "number.digits"),
                Integer.parseInt(take(texts, "number.grouping")));
        return new Language(tag, texts, numbers, PluralRule.of(tag));
    }

    private static String take(Map<String, String> texts, String key) {
        return Objects.requireNonNull(texts.remove(key), key);
    }

    /** In the language itself. */
    String name() {
        return text("name");
    }

    /** {@code ltr} or {@code rtl}. */
    String direction() {
        return text("dir");
    }

    String text(String key) {
        return Optional.ofNullable(texts.get(key))
                .orElseThrow(() -> new IllegalArgumentException(tag + " lacks " + key));
    }

    /** The text for this number of items. */
    String plural(String key, long n) {
        return Optional.ofNullable(texts.get(key + "." + plurals.category(n)))
                .orElseGet(() -> text(key + "." + PluralRule.OTHER));
    }
}
