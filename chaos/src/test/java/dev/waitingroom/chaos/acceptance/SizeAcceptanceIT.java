package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.chaos.site.OperatorHand;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Operation;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The cost of a long line for Redis. */
class SizeAcceptanceIT {
    @RegisterExtension
    static final SiteExtension SITE = new SiteExtension();

    @Test
    void millionWaitersTakeAByteEachAndStatusAsksRedisNothing() throws Exception {
        Policy policy = SITE.open(Rooms.policy("million", Mode.HOLD, 10, 10, Rooms.LONG));
        String token = Seen.token(SITE.call(0, SiteExtension.join(policy)));
        long before = SITE.site().redisFigure("used_memory");
        RoomScripts scripts = SITE.site().operator().scripts(OperatorHand.room(policy));
        long epoch = SITE.figures(policy).epoch();
        var entries = Collections.nCopies(RoomScripts.BATCH_TICKETS, new JoinEntry(Optional.empty(), false));
        int batches = 1_000_000 / RoomScripts.BATCH_TICKETS;
        for (int batch = 1; batch <= batches; batch++) {
            long deadline = Recorder.micros(InstantSource.system().instant().plusSeconds(30));
            scripts.join(new JoinBatch(new RoomScripts.Call("loader", epoch, deadline), batch, 0, entries))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
        long waiting = SITE.figures(policy).waiting();
        double each = (SITE.site().redisFigure("used_memory") - before) / (double) waiting;

        assertThat(waiting).isEqualTo((long) batches * RoomScripts.BATCH_TICKETS + 1);
        assertThat(each).isLessThanOrEqualTo(1.0);
        double idle = commandsASecond(() -> {});
        double polled = commandsASecond(() -> {
            for (int i = 0; i < 2_000; i++) {
                assertThat(SITE.call(0, new Operation.Poll(token))).isInstanceOf(Answer.Standing.class);
            }
        });
        // The regular calls of gateways go on. 2,000 polls add at most one heartbeat each in a generation.
        assertThat(polled).isLessThan(idle * 1.3 + 10);
        Table.line(
                "%,d waiters".formatted(waiting),
                "%.2f bytes of Redis each; %.0f Redis commands/s without polls, %.0f/s during 2,000 polls"
                        .formatted(each, idle, polled));
    }

    /** Redis' commands a second over at least three seconds, with this work. */
    private static double commandsASecond(Runnable work) {
        long commands = SITE.site().redisFigure("total_commands_processed");
        long begun = System.nanoTime();
        work.run();
        await().atMost(10, TimeUnit.SECONDS).until(() -> System.nanoTime() - begun > 3_000_000_000L);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return (SITE.site().redisFigure("total_commands_processed") - commands) / seconds;
    }
}
