package dev.waitingroom.chaos.mutant;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.history.Violation;
import dev.waitingroom.chaos.history.Violation.Promise;
import dev.waitingroom.chaos.topology.Kind;
import java.util.Collections;
import java.util.List;

/** A bug that a developer might write, what makes it visible, and the promise that it breaks. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are of List.of
enum Mutant {
    /** Two visitors are admitted for each token. It shows in the answers, and in the grant stamps. */
    TOKEN_TAKEN_TWICE(Promise.RATE, "by Redis' grant stamps", Kind.SINGLE, List.of(), Edit.script("bucket", """
                      set('tat', whole)
                      set('tat_frac', frac)
                      return true
                    """, """
                      if state.granted % 2 == 0 then
                        set('tat', whole)
                        set('tat_frac', frac)
                      end
                      return true
                    """)),

    /** As many visitors are called as there are tokens, although visitors called before are here. The first of them to ask may enter. */
    WHOEVER_ASKS_FIRST(
            Promise.ORDER,
            Kind.SINGLE,
            List.of(),
            Edit.script("horizon", "floor((wanted - here - coming) / share)", "floor(wanted / share)"),
            Edit.room(
                    "EntryPromises",
                    "int before = Math.max(rank(unpromised, ticket), elsewhere.lowest > 0 && elsewhere.lowest < ticket ? 1 : 0);",
                    "int before = 0;")),

    /** A join that asks for it is admitted whenever there is a token, past all who wait. */
    JOIN_PAST_THE_LINE(
            Promise.ORDER,
            "was admitted with its join",
            Kind.SINGLE,
            List.of(),
            Edit.script("join", "if state.waiting > 0 or #open_losses() > 0 then", "if false then")),

    /** A join is admitted without a token. In an empty line nobody ever waits. */
    JOIN_WITHOUT_A_TOKEN(
            Promise.RATE,
            Kind.SINGLE,
            List.of(),
            Edit.script("join", "may_admit() and (passing or take_token())", "may_admit()")),

    /** Every second admitted ticket stays in line. A gateway that loads the line anew counts it. */
    BIT_NOT_CLEARED(
            Promise.ONCE,
            Kind.SINGLE,
            List.of(Fault.GATEWAY_KILLED),
            Edit.script(
                    "admit",
                    "  if alive then\n    put_bit(key.alive, ticket, 0)\n",
                    "  if alive then\n    put_bit(key.alive, ticket, ticket % 2)\n")),

    /** Redis answers as if it still had the epoch that the gateway knows, so no gateway restores the lost data. */
    SNAPSHOT_OF_A_STALE_EPOCH(
            Promise.POSITION,
            Kind.SINGLE,
            List.of(Fault.FLUSHALL),
            Edit.script(
                    "snapshot",
                    "    state.epoch, state.sequence, state.next,",
                    "    tonumber(ARGV[1]) > 0 and tonumber(ARGV[1]) or state.epoch, state.sequence, state.next,"),
            Edit.script("begin", "if tonumber(ARGV[1]) ~= state.epoch then", "if false then")),

    /** A gateway reads the line only every few seconds, and tells its age truly. */
    COPY_THAT_STANDS_STILL(
            Promise.POSITION,
            Kind.SINGLE,
            List.of(),
            Edit.room(
                    "RefreshLoop",
                    "refreshLater(inUse() ? PERIOD : IDLE_PERIOD);",
                    "refreshLater(Duration.ofSeconds(4));")),

    /** An epoch begins where Redis' own knowledge ends: without the gap, the clock, or the numbers that gateways saw. */
    NUMBER_OF_TWO_HISTORIES(
            Promise.PLACE,
            Kind.SENTINEL,
            List.of(Fault.PRIMARY_LOST_LAGGING),
            Edit.script(
                    "epoch",
                    "local first = max(highest_seen + EPOCH_GAP, floor(now / SECOND * NUMBERS_PER_SECOND))",
                    "local first = state.next or floor(now / SECOND * NUMBERS_PER_SECOND)"),
            Edit.script("epoch", "first = max(first, state.next + EPOCH_GAP)", ""),
            Edit.script("join", "local first = max(state.next, highest_seen + 1)", "local first = state.next")),

    /**
     * Redis takes the time from the deadline of the call, and one gateway's clock is ahead. So no deadline ever passes. The line's time does not go
     * back, so each call of the other gateway moves it on by the difference.
     */
    TIME_OF_THE_GATEWAY(
            Promise.RATE,
            Kind.SINGLE,
            List.of(),
            Edit.script("clock", """
                      local time = redis.call('TIME')
                      return time[1] * 1000000 + time[2]
                    """, """
                      local deadline = tonumber(ARGV[2])
                      if deadline and deadline > 1e15 and deadline < 9e15 then
                        return deadline - 750000
                      end
                      local time = redis.call('TIME')
                      return time[1] * 1000000 + time[2]
                    """),
            Edit.script("begin", "if now > tonumber(ARGV[2]) then", "if false then"),
            Edit.room(
                    "ServerClock",
                    "return micros(nanoTime.getAsLong());",
                    "return System.currentTimeMillis() * 1_000 + (\"pod-1\".equals(System.getenv(\"POD_NAME\")) ? 300_000 : 0);")),

    /** A repeated batch joins again, which makes places without a visitor. */
    BATCH_APPLIED_TWICE(
            Promise.POSITION,
            Kind.SINGLE,
            List.of(Fault.LINK_CUT_AFTER_EXECUTION),
            Edit.script("join", "if answered then", "if false then")),

    /** A batch that a link delayed has its effect on arrival, although its callers were told 503. */
    BATCH_AFTER_ITS_DEADLINE(
            Promise.PLACE,
            Kind.SINGLE,
            List.of(Fault.LINK_BLACK_HOLE),
            Edit.script("begin", "if now > tonumber(ARGV[2]) then", "if false then")),

    /** A gateway restores waiting tickets, but not admitted ones. A gateway that starts then does not know them. */
    MERGE_THAT_FORGETS_GRANTS(
            Promise.ONCE,
            Kind.SINGLE,
            List.of(Fault.FLUSHALL, Fault.GATEWAY_KILLED),
            Edit.room(
                    "ReplicaUpload",
                    "slices(header, copy, grants, departed, sessions)",
                    "slices(header, copy, new long[0][], departed, sessions)")),

    /** A turn runs while its visitor is here and lacks only a token. A falling rate then ends it. */
    TURN_RUNS_WITHOUT_A_TOKEN(
            Promise.PLACE,
            Kind.SINGLE,
            List.of(Fault.RATE_LOWERED),
            Edit.script("ended-turns", "if keep_turns(coarse, kept, step) then", "if false then")),

    /** Estimates use the rate that the gateway saw first. */
    ESTIMATE_BY_AN_OLD_RATE(
            Promise.ETA,
            Kind.SINGLE,
            List.of(Fault.RATE_LOWERED),
            Edit.room(
                    "TicketStatusCalculator",
                    "    private TicketStatusCalculator() {}",
                    "    private static double first;\n\n    private TicketStatusCalculator() {}"),
            Edit.room(
                    "TicketStatusCalculator",
                    "view.exactTokens(nowMicros), view.policy().ratePerSecond(), view.lambda());",
                    "view.exactTokens(nowMicros), first = first > 0 ? first : view.policy().ratePerSecond(), view.lambda());")),

    /** A join waits for Redis instead of answering 503 within a second. */
    JOIN_WAITS_FOR_REDIS(
            Promise.WITHOUT_REDIS,
            " took ",
            Kind.SINGLE,
            List.of(Fault.REDIS_PAUSED),
            Edit.room("Batcher", "        if (context.outageKnown()) {", "        if (false) {"),
            Edit.room(
                    "QueueBatcher",
                    "if (!patienceIsOver(pending.sinceNanos, now)) {",
                    "if (!patienceIsOver(pending.sinceNanos + 3_000_000_000L, now)) {")),

    /** A missing key is not noticed. Visitors who wait in it are told that they do not wait. */
    LOST_KEY_UNNOTICED(
            Promise.PLACE,
            Kind.SINGLE,
            Collections.nCopies(8, Fault.KEY_DELETED),
            Edit.script("begin", "  if #lost == 0 then", "  if true then"),
            Edit.script("snapshot", "while #lost > 0 do", "while false do")),

    /** A line that is older than the gateways' knowledge goes on. Visitors with tickets of a newer line wait for ever. */
    OLDER_LINE_GOES_ON(
            Promise.PLACE,
            Kind.SINGLE,
            List.of(Fault.REDIS_MOVED),
            Edit.script("begin", " or known_epoch() > state.epoch then", " then"),
            Edit.script("begin", "if highest == 0 or now < state.begun + MIN_EPOCH_INTERVAL then", "if true then")),

    /** A visitor who is admitted after a wait takes no place. Then more sessions are active than the room allows. */
    ADMISSION_WITHOUT_A_PLACE(
            Promise.ACTIVE, Kind.SINGLE, List.of(), Edit.script("admit", "  sessions.count(ticket)\n", "")),

    /** A gateway puts back the sessions that Redis lost, but names none. Then all places are free. */
    MERGE_THAT_FORGETS_SESSIONS(
            Promise.ACTIVE,
            Kind.SINGLE,
            List.of(Fault.FLUSHALL),
            Edit.room(
                    "ReplicaUpload",
                    "slices(header, copy, grants, departed, sessions)",
                    "slices(header, copy, grants, departed, new long[0][])")),

    /** A gateway that did not end the session itself does not learn of its end. A copy of the cookie goes on there. */
    END_THAT_NOBODY_HEARS_OF(
            Promise.ADMISSION,
            "after its session was ended",
            Kind.SINGLE,
            List.of(),
            Edit.script("sessions", "  journal('A' .. struct.pack('>I8', 0) .. pack_tickets(ended))\n", "")),

    /** A cookie is accepted whoever made it. */
    SIGNATURE_NOT_CHECKED(
            Promise.ADMISSION,
            "that no gateway made",
            Kind.SINGLE,
            List.of(),
            Edit.gateway(
                    "session/SessionCodec",
                    "!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, signed, bytes.length))",
                    "false")),

    /** A session that runs out keeps its place. In the end nobody is admitted any more. */
    PLACE_NEVER_FREE(
            Promise.IDLE,
            Kind.SINGLE,
            List.of(),
            Edit.script(
                    "active",
                    "add('active', -redis.call('ZREMRANGEBYSCORE', key.active, '-inf', millis))",
                    "redis.call('ZREMRANGEBYSCORE', key.active, '-inf', millis)")),

    /** An unexpected exception: the gateway answers 500. */
    ADMIT_THAT_FAILS(
            Promise.ANSWER,
            Kind.SINGLE,
            List.of(),
            Edit.room(
                    "LiveRoom",
                    "Duration bounded = wait.compareTo",
                    "if (ticket.number() % 3 == 0) { throw new IllegalStateException(); }\n        Duration bounded = wait.compareTo"));

    private final Promise broken;
    private final String words;
    private final Kind kind;
    private final List<Fault> faults;
    private final List<Edit> edits;

    Mutant(Promise broken, Kind kind, List<Fault> faults, Edit... edits) {
        this(broken, "", kind, faults, edits);
    }

    /** @param words text in the finding */
    Mutant(Promise broken, String words, Kind kind, List<Fault> faults, Edit... edits) {
        this.broken = broken;
        this.words = words;
        this.kind = kind;
        this.faults = faults;
        this.edits = List.of(edits);
    }

    /** The broken promise, and text in the finding. */
    boolean isSeenBy(Violation violation) {
        return violation.promise() == broken && violation.what().contains(words);
    }

    /** The promise that it breaks. */
    Promise broken() {
        return broken;
    }

    /** The kind of Redis. */
    Kind kind() {
        return kind;
    }

    /** The fault that makes it visible. */
    List<Fault> faults() {
        return faults;
    }

    /** The bug. */
    List<Edit> edits() {
        return edits;
    }
}
