package dev.waitingroom.operator.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus;
import dev.waitingroom.operator.ops.EventRecorder.Kind;
import dev.waitingroom.operator.room.OutageAdmission.Announcement;
import dev.waitingroom.operator.room.Sync.Done;
import dev.waitingroom.operator.room.Sync.Refused;
import dev.waitingroom.operator.site.SiteFactory;
import dev.waitingroom.operator.site.SiteSources;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutageAdmissionTest {
    private static final Sync AWAY = new Refused("RedisUnreachable", "no answer");

    private final RoomStatusFactory factory =
            new RoomStatusFactory(InstantSource.fixed(Instant.parse("2026-11-30T20:00:00Z")));

    private static WaitingRoom room(String whenUnavailable) {
        return Serialization.unmarshal("""
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: concert, namespace: shop, uid: u, generation: 3}
                spec: {admission: {rate: 20, burst: 5}, whenUnavailable: %s, unavailableAdmitSeconds: 60}
                """.formatted(whenUnavailable), WaitingRoom.class);
    }

    private static Sync done(WaitingRoom room) {
        return new Done(Policies.of(room), SiteFactory.of(room.getSpec(), SiteSources.NONE));
    }

    private WaitingRoomStatus status(WaitingRoom room, Sync sync) {
        return factory.status(room, Finding.good("Serving", "serves"), sync, Optional.empty());
    }

    /** What is told when the room goes from one state to the next. */
    private Optional<Announcement> change(WaitingRoom room, Sync before, Sync now) {
        room.setStatus(status(room, done(room)));
        room.setStatus(status(room, before));
        return OutageAdmission.change(room, status(room, now));
    }

    @Test
    void outageIsToldOnceAndSoIsItsEnd() {
        WaitingRoom room = room("Admit");

        Announcement begins = change(room, done(room), AWAY).orElseThrow();
        Announcement ends = change(room, AWAY, done(room)).orElseThrow();

        assertThat(begins.kind()).isEqualTo(Kind.WARNING);
        assertThat(begins.reason()).isEqualTo("EveryoneEnters");
        assertThat(begins.message()).contains("for at most 60 s");
        assertThat(ends.kind()).isEqualTo(Kind.NORMAL);
        assertThat(ends.reason()).isEqualTo("VisitorsWaitAgain");
        assertThat(change(room, AWAY, AWAY)).isEmpty();
        assertThat(change(room, done(room), done(room))).isEmpty();
    }

    @Test
    void redisThatRefusesIsNoOutageForGateways() {
        WaitingRoom room = room("Admit");

        assertThat(change(room, done(room), new Refused("RedisRefused", "OOM"))).isEmpty();
    }

    @Test
    void roomWhoseVisitorsWaitSaysNothing() {
        WaitingRoom room = room("Wait");

        assertThat(change(room, done(room), AWAY)).isEmpty();
    }

    @Test
    void roomThatNoGatewayKnowsSaysNothing() {
        WaitingRoom room = room("Admit");

        assertThat(OutageAdmission.change(room, status(room, AWAY))).isEmpty();
    }
}
