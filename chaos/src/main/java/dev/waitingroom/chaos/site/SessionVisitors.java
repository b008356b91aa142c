package dev.waitingroom.chaos.site;

import dev.waitingroom.chaos.history.SessionEvent;
import dev.waitingroom.chaos.history.SessionEvent.Kind;
import dev.waitingroom.chaos.history.SessionOutcome;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.gateway.session.SessionCodec;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Call;
import dev.waitingroom.testkit.visitors.CallObserver;
import dev.waitingroom.testkit.visitors.HttpAnswer;
import dev.waitingroom.testkit.visitors.HttpCall;
import dev.waitingroom.testkit.visitors.Operation;
import dev.waitingroom.testkit.visitors.VisitorClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Visitors of a room who were admitted, and use it for a while: each admission that the crowds of the room see is followed by a
 * {@link SessionVisit}. Its calls go into the history. Runs on the event loop of the crowds.
 */
public final class SessionVisitors implements CallObserver, AutoCloseable {
    private final VisitorClient client;
    private final Executor loop;
    private final List<URI> gateways;
    private final Recorder recorder;
    private final String eventId;
    private final List<String> otherEvents;
    private final SessionCookies cookies;
    private final SessionCalls calls;
    private final SessionHabits habits;
    private final Set<String> begun = new HashSet<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param client that the crowds use
     * @param gateways scheme, host and port of each, at least one
     * @param events all rooms; a session of this one must not pass at another
     */
    public SessionVisitors(
            VisitorClient client,
            List<URI> gateways,
            Recorder recorder,
            SessionCodec codec,
            Policy policy,
            List<String> events,
            SessionHabits habits) {
        this.client = client;
        this.loop = client.loop();
        this.gateways = List.copyOf(gateways);
        this.recorder = recorder;
        this.eventId = policy.eventId();
        this.otherEvents =
                events.stream().filter(event -> !event.equals(policy.eventId())).toList();
        this.cookies = new SessionCookies(codec, policy);
        this.calls = new SessionCalls(eventId, cookies);
        this.habits = habits;
    }

    /** Records a call of a crowd, and lets its visitor begin a session if it admitted. */
    @Override
    public void completed(Call call) {
        recorder.completed(call);
        switch (call.answer()) {
            case Answer.Entered entered -> admitted(call.visitor(), entered.token());
            case Answer.Admitted _
            when call.operation() instanceof Operation.Admit admit -> admitted(call.visitor(), admit.token());
            default -> {}
        }
    }

    private void admitted(int visitor, String token) {
        if (!closed && begun.add(token)) {
            new SessionVisit(this, token, new SplittableRandom(habits.seed() * 0x9e3779b97f4a7c15L + visitor)).begin();
        }
    }

    SessionHabits habits() {
        return habits;
    }

    SessionCookies cookies() {
        return cookies;
    }

    SessionCalls calls() {
        return calls;
    }

    String eventId() {
        return eventId;
    }

    List<String> otherEvents() {
        return otherEvents;
    }

    /** Sends a call about a session, and records it. */
    void send(
            int gateway,
            Kind kind,
            long ticket,
            long over,
            HttpCall call,
            Function<Optional<HttpAnswer>, SessionOutcome> meaning,
            Consumer<Answered> then) {
        if (closed) {
            return;
        }
        URI address = gateways.get(Math.floorMod(gateway, gateways.size()));
        long sent = Recorder.micros(Instant.now());
        underWay.incrementAndGet();
        var _ = client.send(address, call)
                .thenAccept(answer -> loop.execute(() -> {
                    SessionOutcome outcome = meaning.apply(answer);
                    try {
                        Span span = new Span(sent, Math.max(sent, Recorder.micros(Instant.now())));
                        recorder.completed(
                                address, process -> new SessionEvent(kind, span, process, ticket, over, outcome));
                    } finally {
                        underWay.decrementAndGet();
                    }
                    if (!closed) {
                        then.accept(new Answered(outcome, answer));
                    }
                }));
    }

    /** An answer, and what it means. */
    record Answered(SessionOutcome outcome, Optional<HttpAnswer> answer) {}

    void after(Duration wait, Runnable then) {
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, loop)
                .execute(() -> {
                    if (!closed) {
                        then.run();
                    }
                });
    }

    long ticket(String token) {
        return recorder.ticket(token);
    }

    /** The number of calls that are neither answered nor given up. */
    public int underWay() {
        return underWay.get();
    }

    /** Stops all visitors. Calls under way are still recorded. */
    @Override
    public void close() {
        closed = true;
    }
}
