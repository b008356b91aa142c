package dev.waitingroom.operator.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The operator checks the keys at random moments, at most days apart. */
class KeyRotationProperties {
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    /** The file at a moment. */
    record Seen(Instant at, List<String> kids, Map<String, JWK> keys) {
        String signing() {
            return kids.getFirst();
        }
    }

    @Property(tries = 200)
    void signsOnlyByKeysThatEveryGatewayHasHadTimeToRead(
            @ForAll KeyKind kind,
            @ForAll @IntRange(min = 1, max = 40) int days,
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 5_000) Integer> minutes)
            throws ParseException {
        List<Seen> history = play(kind, days, minutes);
        var firstSeen = new HashMap<String, Instant>();
        for (Seen seen : history) {
            seen.kids.forEach(kid -> firstSeen.putIfAbsent(kid, seen.at));
            boolean theVeryFirst = seen.signing().equals(history.getFirst().signing());

            assertThat(theVeryFirst
                            || !firstSeen
                                    .getOrDefault(seen.signing(), Instant.MAX.minus(KeyRotation.OVERLAP))
                                    .plus(KeyRotation.OVERLAP)
                                    .isAfter(seen.at))
                    .isTrue();
        }
    }

    @Property(tries = 200)
    void keepsAKeyUntilNothingThatItSignedCanBeValid(
            @ForAll KeyKind kind,
            @ForAll @IntRange(min = 1, max = 40) int days,
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 5_000) Integer> minutes)
            throws ParseException {
        List<Seen> history = play(kind, days, minutes);
        var signedUntil = new HashMap<String, Instant>();
        for (int i = 0; i < history.size(); i++) {
            Seen seen = history.get(i);
            // It signed until this check moved it from the first place.
            signedUntil.put(seen.signing(), i + 1 < history.size() ? history.get(i + 1).at : seen.at);
        }

        for (Seen seen : history) {
            signedUntil.forEach((kid, until) -> {
                boolean issued = history.stream()
                        .anyMatch(earlier -> !earlier.at.isAfter(seen.at) && earlier.kids.contains(kid));
                if (issued && seen.at.isBefore(until.plus(kind.retention()))) {
                    assertThat(seen.kids).contains(kid);
                }
            });
        }
    }

    @Property(tries = 200)
    void endsUpWithNoKeyOlderThanItMustBe(@ForAll KeyKind kind, @ForAll @IntRange(min = 1, max = 40) int days)
            throws ParseException {
        var everyHour = new ArrayList<Integer>();
        for (int i = 0; i < 24 * days * 2; i++) {
            everyHour.add(60);
        }

        Seen last = play(kind, days, everyHour).getLast();

        assertThat(Objects.requireNonNull(last.keys.get(last.signing()))
                        .getIssueTime()
                        .toInstant())
                .isAfterOrEqualTo(last.at.minus(Duration.ofDays(days)).minus(Duration.ofHours(3)));
        assertThat(last.keys.values())
                .allMatch(key -> key.getExpirationTime() == null
                        || key.getExpirationTime().toInstant().isAfter(last.at));
    }

    @Property(tries = 50)
    void doesNothingWhenAskedAgainAtOnce(
            @ForAll KeyKind kind,
            @ForAll @IntRange(min = 1, max = 40) int days,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 5_000) Integer> minutes) {
        Duration period = Duration.ofDays(days);
        Instant now = START;
        String file = KeyRotation.advance(kind, Optional.empty(), period, now);
        for (int step : minutes) {
            now = now.plus(Duration.ofMinutes(step));
            file = KeyRotation.advance(kind, Optional.of(file), period, now);

            assertThat(KeyRotation.advance(kind, Optional.of(file), period, now))
                    .isEqualTo(file);
        }
    }

    private static List<Seen> play(KeyKind kind, int days, List<Integer> minutes) throws ParseException {
        var history = new ArrayList<Seen>();
        Instant now = START;
        String file = KeyRotation.advance(kind, Optional.empty(), Duration.ofDays(days), now);
        history.add(seen(now, file));
        for (int step : minutes) {
            now = now.plus(Duration.ofMinutes(step));
            file = KeyRotation.advance(kind, Optional.of(file), Duration.ofDays(days), now);
            history.add(seen(now, file));
        }
        return history;
    }

    private static Seen seen(Instant at, String file) throws ParseException {
        var kids = new ArrayList<String>();
        var keys = new HashMap<String, JWK>();
        for (JWK key : JWKSet.parse(file).getKeys()) {
            kids.add(key.getKeyID());
            keys.put(key.getKeyID(), key);
        }
        return new Seen(at, kids, keys);
    }
}
