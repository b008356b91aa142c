package dev.waitingroom.operator.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRotationTest {
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
    private static final Duration MONTH = Duration.ofDays(30);

    @Test
    void makesKeysThatGatewaysCanRead() throws ParseException {
        String tickets = KeyRotation.advance(KeyKind.TICKET, Optional.empty(), MONTH, START);
        String reservations = KeyRotation.advance(KeyKind.RESERVATION, Optional.empty(), MONTH, START);

        assertThat(TicketKeys.parse(tickets)).isNotNull();
        assertThat(keys(tickets)).singleElement().satisfies(key -> {
            assertThat(((OctetSequenceKey) key).size()).isEqualTo(256);
            assertThat(key.getKeyID()).isNotBlank();
            assertThat(key.getIssueTime()).isEqualTo(START);
        });
        assertThat(keys(reservations)).singleElement().satisfies(key -> {
            assertThat(((ECKey) key).getCurve()).isEqualTo(Curve.P_256);
            assertThat(key.isPrivate()).isTrue();
            assertThat(key.getIssueTime()).isEqualTo(START);
        });
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void handsOverInThreeSteps(KeyKind kind) throws ParseException {
        String first = KeyRotation.advance(kind, Optional.empty(), MONTH, START);
        Instant due = START.plus(MONTH);
        Instant takesOver = due.plus(KeyRotation.OVERLAP);
        Instant over = takesOver.plus(kind.retention());

        String announced = KeyRotation.advance(kind, Optional.of(first), MONTH, due);
        String early = KeyRotation.advance(kind, Optional.of(announced), MONTH, takesOver.minusSeconds(1));
        String handedOver = KeyRotation.advance(kind, Optional.of(announced), MONTH, takesOver);

        String old = kids(first).getFirst();
        assertThat(KeyRotation.advance(kind, Optional.of(first), MONTH, due.minusSeconds(1)))
                .isEqualTo(first);
        assertThat(kids(announced)).hasSize(2).startsWith(old);
        assertThat(early).isEqualTo(announced);
        assertThat(kids(handedOver)).containsExactly(kids(announced).getLast(), old);
        assertThat(keys(handedOver).getLast().getExpirationTime()).isEqualTo(over);
        assertThat(kids(KeyRotation.advance(kind, Optional.of(handedOver), Duration.ofDays(3_650), over)))
                .containsExactly(kids(announced).getLast());
    }

    @Test
    void keepsAKeyThatAPersonPutThereUntilItIsRotated() throws ParseException {
        String put = KeyRotation.advance(KeyKind.TICKET, Optional.empty(), MONTH, START)
                .replaceAll(",\"iat\":\\d+", "");

        String next = KeyRotation.advance(KeyKind.TICKET, Optional.of(put), MONTH, START);

        assertThat(kids(next)).hasSize(2).startsWith(kids(put).getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "{}", "{\"keys\":[]}"})
    void doesNotReplaceWhatItCannotRead(String broken) {
        assertThatThrownBy(() -> KeyRotation.advance(KeyKind.TICKET, Optional.of(broken), MONTH, START))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ticket-keys.json");
    }

    @Test
    void doesNotTakeAKeyOfTheOtherKind() {
        String tickets = KeyRotation.advance(KeyKind.TICKET, Optional.empty(), MONTH, START);

        assertThatThrownBy(() -> KeyRotation.advance(KeyKind.RESERVATION, Optional.of(tickets), MONTH, START))
                .hasMessageContaining("reservation-keys.json");
    }

    private static List<JWK> keys(String file) throws ParseException {
        return JWKSet.parse(file).getKeys();
    }

    private static List<String> kids(String file) throws ParseException {
        return keys(file).stream().map(JWK::getKeyID).toList();
    }
}
