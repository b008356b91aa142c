package dev.waitingroom.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.eta.Eta;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguagesTest {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z]+}");

    /** Texts whose form depends on a number; other languages have more forms, or fewer. */
    private static final Pattern FORM = Pattern.compile("\\.(one|few)$");

    private static final Languages LANGUAGES = Languages.load();

    static Stream<Language> languages() {
        return LANGUAGES.all().stream();
    }

    private static PageText text(String tag) {
        return new PageText(LANGUAGES.named(tag).orElseThrow());
    }

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> keys(Language language) {
        return language.texts().keySet().stream()
                .filter(key -> !FORM.matcher(key).find())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyLanguageHasTheSameTexts(Language language) {
        assertThat(keys(language)).isEqualTo(keys(LANGUAGES.all().getFirst()));
        assertThat(language.texts().values()).noneMatch(String::isBlank);
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyTextHasTheSamePlaceholders(Language language) {
        Language english = LANGUAGES.all().getFirst();

        language.texts()
                .forEach((key, text) -> assertThat(placeholders(text))
                        .as(language.tag() + " " + key)
                        .isEqualTo(placeholders(english.text(FORM.matcher(key).replaceFirst(".other")))));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyStateHasATitleAndAText(Language language) {
        for (PageState state : PageState.values()) {
            assertThat(language.text(state.label() + ".title")).isNotEmpty();
            assertThat(language.text(state.label() + ".text")).isNotEmpty();
        }
    }

    /** The JDK of a build has the locale data of CLDR; the image has not. */
    @ParameterizedTest
    @MethodSource("languages")
    void numbersAreThoseOfCldr(Language language) {
        Locale locale = Locale.forLanguageTag(
                language.direction().equals("rtl") ? language.tag() + "-u-nu-arab" : language.tag());
        NumberFormat cldr = NumberFormat.getIntegerInstance(locale);

        for (long number : List.of(0L, 7L, 42L, 999L, 12_345L, 123_456L, 1_234_567L, 123_456_789L)) {
            assertThat(compared(language, language.numbers().format(number)))
                    .as(language.tag())
                    .isEqualTo(compared(language, cldr.format(number)));
        }
    }

    /** The JDK knows one size of groups. PageTest has the lakhs of Hindi. */
    private static String compared(Language language, String number) {
        return language.numbers().grouping() == 3
                ? number
                : number.replace(language.numbers().group(), "");
    }

    @Test
    void fileOfEachLanguageIsServed() {
        assertThat(Languages.TAGS).hasSize(11).doesNotHaveDuplicates();
        assertThat(languages().map(Language::name).distinct()).hasSize(11);
    }

    @ParameterizedTest
    @CsvSource({
        "ja, 1, other",
        "de, 0, other",
        "de, 1, one",
        "fr, 0, one",
        "hi, 2, other",
        "ar, 1, one",
        "ar, 3, few",
        "ar, 110, few",
        "ar, 11, other",
        "ar, 100, other"
    })
    void numbersSelectAForm(String tag, long n, String form) {
        assertThat(PluralRule.of(tag).category(n)).isEqualTo(form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | 10   | 60    | Less than a minute",
                "en | 50   | 70    | About 1 to 2 minutes",
                "en | 70   | 119   | About 1 to 2 minutes",
                "en | 120  | 120   | About 2 minutes",
                "en | 245  | 355   | About 4 to 6 minutes",
                "en | 3600 | 5400  | About 60 to 90 minutes",
                "en | 5000 | 5401  | About 1 to 2 hours",
                "en | 7200 | 7200  | About 2 hours",
                "de | 245  | 355   | Etwa 4 bis 6 Minuten",
                "ko | 245  | 355   | 약 4~6분",
                "ar | 245  | 355   | من ٤ إلى ٦ دقائق تقريبًا",
                "ar | 245  | 1200  | من ٤ إلى ٢٠ دقيقة تقريبًا"
            })
    void waitIsARange(String tag, long earliest, long latest, String expected) {
        Eta eta = new Eta(Duration.ofSeconds(latest), Duration.ofSeconds(earliest), Duration.ofSeconds(latest));

        assertThat(text(tag).eta(Optional.of(eta))).isEqualTo(expected);
    }

    @Test
    void unknownWaitHasNoNumber() {
        assertThat(text("en").eta(Optional.empty())).isEqualTo("No estimate right now");
    }

    @ParameterizedTest
    @CsvSource({"1, 1 second", "119, 119 seconds", "120, 2 minutes", "899, 14 minutes"})
    void durationsAreRounded(long seconds, String expected) {
        assertThat(text("en").duration(Duration.ofSeconds(seconds))).isEqualTo(expected);
    }

    @Test
    void timesAreInUtcWithTheDigitsOfTheLanguage() {
        Instant time = Instant.parse("2027-01-02T03:04:05Z");

        assertThat(text("fr").time(time)).isEqualTo("03:04:05 UTC");
        assertThat(text("ar").time(time)).isEqualTo("٠٣:٠٤:٠٥ UTC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",,,", ";q=1", "en;q=", "en;q=NaN", "\u0000", "de-"})
    void anyHeaderHasALanguage(String header) {
        assertThat(LANGUAGES.accepted(Optional.of(header))).isNotNull();
    }

    @Test
    void longHeaderIsNotRead() {
        String header = String.join(",", Arrays.asList(new String[2_000])) + ",de";

        assertThat(LANGUAGES.accepted(Optional.of(header)).tag()).isEqualTo("en");
    }
}
