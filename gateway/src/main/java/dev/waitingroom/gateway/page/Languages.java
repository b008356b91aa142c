package dev.waitingroom.gateway.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The languages of the page, and which of them a visitor reads. Immutable. */
final class Languages {
    /** In the order of the switch. */
    static final List<String> TAGS = List.of("en", "de", "es", "fr", "it", "pt", "ko", "ja", "zh-Hans", "hi", "ar");

    private static final int MAX_RANGES = 32;
    private static final int MAX_HEADER = 1_024;

    private final List<Language> all;

    private Languages(List<Language> all) {
        this.all = List.copyOf(all);
    }

    static Languages load() {
        return new Languages(TAGS.stream().map(Language::load).toList());
    }

    List<Language> all() {
        return all;
    }

    Optional<Language> named(String tag) {
        return all.stream().filter(language -> language.tag().equals(tag)).findFirst();
    }

    /** The first language of Accept-Language (RFC 9110, 12.5.4) that there is; otherwise English. */
    Language accepted(Optional<String> header) {
        return header.filter(text -> text.length() <= MAX_HEADER)
                .flatMap(text -> ranges(text).stream()
                        .map(this::matching)
                        .flatMap(Optional::stream)
                        .findFirst())
                .orElse(all.getFirst());
    }

    private record Range(String tag, double quality) {}

    /** Best first; a range of quality 0 is left out. */
    private static List<String> ranges(String header) {
        List<Range> ranges = new ArrayList<>();
        for (String element : header.split(",", MAX_RANGES)) {
            String[] parts = element.split(";", -1);
            ranges.add(new Range(parts[0].strip().toLowerCase(Locale.ROOT), quality(parts)));
        }
        return ranges.stream()
                .filter(range -> range.quality() > 0)
                .sorted(Comparator.comparingDouble(Range::quality).reversed())
                .map(Range::tag)
                .toList();
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }

    /** All kinds of Chinese get the one that there is. */
    private Optional<Language> matching(String range) {
        int dash = range.indexOf('-');
        String primary = dash < 0 ? range : range.substring(0, dash);
        return all.stream()
                .filter(language ->
                        language.tag().equals(primary) || language.tag().startsWith(primary + "-"))
                .findFirst();
    }
}
