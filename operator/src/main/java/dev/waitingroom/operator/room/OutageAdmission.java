package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec.WhenUnavailable;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus;
import dev.waitingroom.operator.ops.EventRecorder.Kind;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.queue.store.RedisFault;
import java.util.List;
import java.util.Optional;

/**
 * Tells when {@code whenUnavailable: Admit} comes into force, and when that is over. Gateway pods report through Redis, so they cannot say
 * it. Pure.
 */
final class OutageAdmission {
    /** What an Event says. */
    record Announcement(Kind kind, String reason, String message) {}

    private OutageAdmission() {}

    /** Empty if nothing has changed, or visitors wait in any case. */
    static Optional<Announcement> change(WaitingRoom room, WaitingRoomStatus now) {
        WaitingRoomSpec spec = room.getSpec();
        WaitingRoomStatus before = room.statusOrNone();
        boolean was = isUnreachable(before.conditions());
        boolean is = isUnreachable(now.conditions());
        // Gateway pods know a room only from Redis.
        if (spec.whenUnavailable() != WhenUnavailable.ADMIT || before.policy() == null || was == is) {
            return Optional.empty();
        }
        return Optional.of(
                is
                        ? new Announcement(
                                Kind.WARNING,
                                "EveryoneEnters",
                                "Redis is unreachable, and spec.whenUnavailable is Admit. Gateway pods that get no answer from"
                                        + " Redis let every visitor in, for at most " + spec.unavailableAdmitSeconds()
                                        + " s from its last answer. Then visitors wait.")
                        : new Announcement(
                                Kind.NORMAL,
                                "VisitorsWaitAgain",
                                "Redis answers again. Visitors without a session wait."));
    }

    private static boolean isUnreachable(List<Condition> conditions) {
        return ConditionSet.find(conditions, RoomStatusFactory.POLICY_SYNCED)
                .filter(synced -> synced.reason().equals(RedisFault.UNREACHABLE.reason()))
                .isPresent();
    }
}
