package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.PolicyCodec;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.LineFigures;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operator's scripts on a room. */
final class RedisRoomControl implements RoomControl {
    private static final byte[] ANY_EPOCH = Bytes.of(0);
    private static final byte[] NO_DEADLINE = Bytes.of((1L << 53) - 1);

    private static final int SITE_ARGUMENT = 3;
    private static final String SITE_WANTED = "S";

    private final ScriptClient link;
    private final Scripts scripts;

    RedisRoomControl(ScriptClient link, Scripts scripts) {
        this.link = link;
        this.scripts = scripts;
    }

    @Override
    public Applied apply(RoomId room, Policy policy, Optional<SiteText> site, boolean newRoom, long knownEpoch)
            throws RedisUnavailableException {
        var arguments =
                new ArrayList<>(List.of(Bytes.of(knownEpoch), NO_DEADLINE, Bytes.of(newRoom ? 1 : 0), Bytes.EMPTY));
        PolicyCodec.encode(policy).forEach((field, value) -> {
            arguments.add(Bytes.of(field));
            arguments.add(Bytes.of(value));
        });
        site.ifPresent(text -> {
            arguments.add(Bytes.of(SiteText.FIELD));
            arguments.add(Bytes.of(text.version()));
        });
        String outcome = run(room, arguments);
        if (outcome.equals(SITE_WANTED)) { // sent only then: it may be large, and the operator looks once a second
            arguments.set(SITE_ARGUMENT, Bytes.of(site.orElseThrow().json()));
            outcome = run(room, arguments);
        }
        return switch (outcome) {
            case "U" -> Applied.UNCHANGED;
            case "W" -> Applied.WRITTEN;
            case "N" -> Applied.NEWER_PRESENT;
            default -> throw new IllegalStateException("policy.lua does not answer " + outcome);
        };
    }

    private String run(RoomId room, List<byte[]> arguments) throws RedisUnavailableException {
        List<Object> reply =
                Blocking.await(link.run(scripts.policy, Keys.room(room), arguments.toArray(byte[][]::new)));
        return Bytes.text(reply.get(2));
    }

    @Override
    public Optional<LineFigures> figures(RoomId room) throws RedisUnavailableException {
        List<Object> reply = Blocking.await(link.run(scripts.figures, Keys.room(room)));
        if (reply.isEmpty()) {
            return Optional.empty();
        }
        long[] numbers = reply.stream().mapToLong(number -> (Long) number).toArray();
        return Optional.of(new LineFigures(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                numbers[6],
                numbers[7],
                numbers[8],
                new TokenBucket(numbers[9], numbers[10]),
                numbers[11],
                numbers[12]));
    }

    @Override
    public void clear(RoomId room) throws RedisUnavailableException {
        List<Object> reply;
        do {
            reply = Blocking.await(link.run(scripts.clear, Keys.room(room), ANY_EPOCH, NO_DEADLINE));
        } while ((Long) reply.getFirst() == 1);
    }
}
