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
import org.junit.jupiter.api.parallel.Isolated;

/** The cost of a long line for Redis. */
@Isolated("counts the commands of Redis")
class SizeAcceptanceIT {
    @RegisterExtension
    final SiteExtension site = new SiteExtension();

    @Test
    void millionWaitersTakeAByteEachAndStatusAsksRedisNothing() throws Exception {
        Policy policy = site.open(Rooms.policy("million", Mode.HOLD, 10, 10, Rooms.LONG));
        String token = Seen.token(site.call(0, SiteExtension.join(policy)));
        long before = site.running().redisFigure("used_memory");
        RoomScripts scripts = site.running().operator().scripts(OperatorHand.room(policy));
        long epoch = site.figures(policy).epoch();
        var entries = Collections.nCopies(RoomScripts.BATCH_TICKETS, new JoinEntry(Optional.empty(), false));
        int batches = 1_000_000 / RoomScripts.BATCH_TICKETS;
        for (int batch = 1; batch <= batches; batch++) {
            long deadline = Recorder.micros(InstantSource.system().instant().plusSeconds(30));
            scripts.join(new JoinBatch(new RoomScripts.Call("loader", epoch, deadline), batch, 0, entries))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
        long waiting = site.figures(policy).waiting();
        double each = (site.running().redisFigure("used_memory") - before) / (double) waiting;

        assertThat(waiting).isEqualTo((long) batches * RoomScripts.BATCH_TICKETS + 1);
        assertThat(each).isLessThanOrEqualTo(1.0);
        double idle = commandsASecond(() -> {});
        double polled = commandsASecond(() -> {
            for (int i = 0; i < 2_000; i++) {
                assertThat(site.call(0, new Operation.Poll(token))).isInstanceOf(Answer.Standing.class);
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
    private double commandsASecond(Runnable work) {
        long commands = site.running().redisFigure("total_commands_processed");
        long begun = System.nanoTime();
        work.run();
        await().atMost(10, TimeUnit.SECONDS).until(() -> System.nanoTime() - begun > 3_000_000_000L);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return (site.running().redisFigure("total_commands_processed") - commands) / seconds;
    }
}
