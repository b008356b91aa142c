package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.queue.room.VisitorKey.Kind;
import dev.waitingroom.queue.store.RoomScripts;
import org.junit.jupiter.api.Test;

class VisitorHashesTest {
    @Test
    void tellVisitorsApartByKindAndValue() {
        byte[] user = VisitorHashes.hash(new VisitorKey(Kind.USER_ID, "u1"));

        assertThat(user)
                .hasSize(RoomScripts.VISITOR_HASH_BYTES)
                .isEqualTo(VisitorHashes.hash(new VisitorKey(Kind.USER_ID, "u1")))
                .isNotEqualTo(VisitorHashes.hash(new VisitorKey(Kind.USER_ID, "u2")))
                .isNotEqualTo(VisitorHashes.hash(new VisitorKey(Kind.IDEMPOTENCY_KEY, "u1")));
    }

    @Test
    void keyThatIsEmptyOrTooLongIsRefused() {
        assertThatThrownBy(() -> new VisitorKey(Kind.USER_ID, ""))
                .hasMessage("a visitor key has 1..128 characters, not 0");
        assertThatThrownBy(() -> new VisitorKey(Kind.USER_ID, "u".repeat(129)))
                .hasMessage("a visitor key has 1..128 characters, not 129");
    }
}
