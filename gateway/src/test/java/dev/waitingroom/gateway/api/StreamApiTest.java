package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.EventReader;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.TicketStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of the real server over real connections. A test moves the time. */
class StreamApiTest {
    private static final String EVENT = "evt";
    private static final String PATH = "/api/v1/queue/stream";

    /** Within this, each stream has been looked at. */
    private static final Duration LOOK = Duration.ofMillis(1_100);

    private final TestGateway gateway = new TestGateway();
    private final FakeRoom room = gateway.registry.add(EVENT);
    private String query = "";

    @BeforeEach
    void issueToken() {
        query = "?token=" + gateway.token(EVENT);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    // --- the beginning ---

    @Test
    void streamBeginsAtOnceWithTheStatus() {
        Answer status = gateway.get("/api/v1/queue/status" + query);

        try (EventReader stream = gateway.stream(query)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(stream.header("Cache-Control")).isEqualTo("no-cache, no-transform");
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(stream.next().orElseThrow()).matches(": connected\nretry: [1-4]\\d{3}\n");
            assertThat(stream.next())
                    .contains("id: " + FakeRoom.NOW.toEpochMilli() + "\nevent: status\ndata: " + status.body() + "\n");
        }
    }

    @Test
    void tokenMayBeInTheAuthorizationHeader() {
        try (EventReader stream = gateway.stream("", "Authorization", "Bearer " + gateway.token(EVENT))) {
            assertThat(stream.data()).contains("\"position\":42");
        }
    }

    @Test
    void tokenMayBeInTheCookieOfThePage() {
        try (EventReader stream = gateway.stream("?event_id=" + EVENT, "Cookie", "wrt-evt=" + gateway.token(EVENT))) {
            assertThat(stream.data()).contains("\"position\":42");
        }
    }

    @Test
    void lastEventIdIsIgnored() {
        try (EventReader stream = gateway.stream(query, "Last-Event-ID", "1764000000000")) {
            assertThat(stream.data()).contains("\"position\":42");
        }
    }

    @Test
    void pageOfAnAllowedOriginMayRead() {
        try (EventReader stream = gateway.stream(query, "Origin", TestGateway.ORIGIN)) {
            assertThat(stream.header("Access-Control-Allow-Origin")).isEqualTo(TestGateway.ORIGIN);
        }
    }

    @Test
    void headGetsTheHeadAlone() {
        Answer head = gateway.send("HEAD", PATH + query, "");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(scraped("waitingroom_streams_open")).isZero();
    }

    @Test
    void wrongTokensAreAnsweredAsByStatus() {
        for (String wrong : new String[] {"", "?token=junk", "?token=" + gateway.token("other")}) {
            Answer stream = gateway.get(PATH + wrong);
            Answer status = gateway.get("/api/v1/queue/status" + wrong);

            assertThat(stream.status()).isEqualTo(status.status()).isBetween(400, 404);
            assertThat(stream.text("code")).isEqualTo(status.text("code"));
        }
    }

    @Test
    void lineThatIsNotReadYetIs503() {
        room.policy = Optional.empty();

        Answer answer = gateway.get(PATH + query);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("code")).isEqualTo("STARTING");
    }

    @Test
    void streamWaitsUntilRedisSettlesThePlace() {
        CompletableFuture<Void> said = new CompletableFuture<>();
        room.unsettled = Optional.of(said);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> gateway.get(PATH + query));
        Awaitility.await().until(() -> said.getNumberOfDependents() > 0);

        room.status = FakeRoom.gone(State.LEFT);
        room.unsettled = Optional.empty();
        said.complete(null);

        assertThat(answer.join().status()).isEqualTo(204);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WAITING")
    void placeThatIsOverIs204(State state) {
        room.status = FakeRoom.gone(state);

        assertThat(gateway.get(PATH + query).status()).isEqualTo(204);
        assertThat(gateway.get(PATH + query).header("Cache-Control")).isEqualTo("no-store");
        assertThat(gateway.send("HEAD", PATH + query, "").status()).isEqualTo(204);
    }

    @Test
    void placeInADeletedRoomIs204() {
        gateway.registry.rooms.clear();
        gateway.registry.deleted = OptionalLong.of(FakeRoom.INCARNATION);

        assertThat(gateway.get(PATH + query).status()).isEqualTo(204);
    }

    // --- events ---

    @Test
    void turnIsToldWithinASecond() {
        try (EventReader stream = gateway.stream(query)) {
            stream.data();
            room.status = ready();

            gateway.clock.advance(LOOK);

            assertThat(stream.data()).contains("\"ready_for_entry\":true");
        }
    }

    @Test
    void progressIsToldAfterTheTimeOfAPoll() {
        try (EventReader stream = gateway.stream(query)) {
            stream.data();
            room.status = FakeRoom.waiting(41); // it was told to poll after 1.1 s

            gateway.clock.advance(Duration.ofSeconds(3));

            assertThat(stream.data()).contains("\"position\":41");
        }
    }

    @Test
    void eachLookCountsAsAPoll() {
        try (EventReader stream = gateway.stream(query)) {
            stream.data();
            room.asked.clear();

            gateway.clock.advance(Duration.ofSeconds(10));

            assertThat(room.asked()).hasSizeBetween(9, 11).containsOnly(FakeRoom.ticket(EVENT));
        }
    }

    @Test
    void commentIsSentIfThereIsNothingNewFor15Seconds() {
        room.status = unhurried(42);
        try (EventReader stream = gateway.stream(query)) {
            stream.data();

            gateway.clock.advance(Duration.ofSeconds(17));
            assertThat(stream.next()).contains(":\n");

            gateway.clock.advance(Duration.ofSeconds(16));
            assertThat(stream.next())
                    .as("after 30 s, the time of a poll")
                    .get()
                    .asString()
                    .contains("event: status");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WAITING")
    void streamEndsWithTheLastStatus(State state) {
        try (EventReader stream = gateway.stream(query)) {
            stream.data();
            room.status = FakeRoom.gone(state);

            gateway.clock.advance(LOOK);

            assertThat(stream.data()).contains("\"status\":\"" + state.name().toLowerCase(java.util.Locale.ROOT) + '"');
            assertThat(stream.next()).isEmpty();
        }
        assertThat(gateway.get(PATH + query).status()).isEqualTo(204);
        assertThat(scraped("waitingroom_streams_ended_total{cause=\"complete\"}"))
                .isEqualTo(1);
    }

    @Test
    void streamOfADeletedRoomEndsWithClosed() {
        try (EventReader stream = gateway.stream(query)) {
            stream.data();
            gateway.registry.rooms.clear();
            gateway.registry.deleted = OptionalLong.of(FakeRoom.INCARNATION);

            gateway.clock.advance(LOOK);

            assertThat(stream.data()).contains("\"status\":\"closed\"");
            assertThat(stream.next()).isEmpty();
        }
    }

    @Test
    void streamOfARoomThatMovedAwayEnds() {
        try (EventReader stream = gateway.stream(query)) {
            stream.data();
            gateway.registry.rooms.clear();

            gateway.clock.advance(LOOK);

            assertThat(stream.next().orElseThrow()).startsWith("retry: ");
            assertThat(stream.next()).isEmpty();
        }
    }

    @Test
    void streamOutlivesATimeWithoutAnswersOfRedis() {
        try (EventReader stream = gateway.stream(query)) {
            stream.data();
            var read = room.policy;
            room.policy = Optional.empty();
            gateway.clock.advance(LOOK);
            room.policy = read;
            room.unsettled = Optional.of(new CompletableFuture<>());
            gateway.clock.advance(LOOK);
            room.unsettled = Optional.empty();
            room.status = ready();

            gateway.clock.advance(LOOK);

            assertThat(stream.data()).contains("\"ready_for_entry\":true");
        }
    }

    // --- the limit and the end of the process ---

    @Test
    void streamsAboveTheLimitAre503() {
        try (TestGateway small = TestGateway.withStreams(1)) {
            small.registry.add(EVENT);
            EventReader first = small.stream("?token=" + small.token(EVENT));
            first.data();

            Answer second = small.get(PATH + "?token=" + small.token(EVENT));

            assertThat(second.status()).isEqualTo(503);
            assertThat(second.text("code")).isEqualTo("TOO_MANY_STREAMS");
            assertThat(second.header("Retry-After")).isEqualTo("10");
            assertThat(small.get("/api/v1/queue/status?token=" + small.token(EVENT))
                            .status())
                    .isEqualTo(200);
            first.close();
            Awaitility.await().untilAsserted(() -> {
                try (EventReader next = small.stream("?token=" + small.token(EVENT))) {
                    assertThat(next.status()).isEqualTo(200);
                }
            });
        }
    }

    /** So nobody takes all streams. */
    @Test
    void addressHasAShareOfTheStreams() {
        String[] greedy = {"X-Forwarded-For", "203.0.113.1"};
        try (TestGateway strict = new TestGateway(TestGateway.LIMITS, 1)) { // five visitors may poll every five seconds
            strict.registry.add(EVENT);
            String token = "?token=" + strict.token(EVENT);
            List<EventReader> five = Stream.generate(() -> strict.stream(token, greedy))
                    .limit(5)
                    .peek(EventReader::data)
                    .toList();

            Answer sixth = strict.get(PATH + token, greedy);

            assertThat(sixth.status()).isEqualTo(429);
            assertThat(sixth.text("detail")).contains("5 streams");
            try (EventReader other = strict.stream(token, "X-Forwarded-For", "203.0.113.2")) {
                assertThat(other.status()).isEqualTo(200);
            }
            five.getFirst().close();
            Awaitility.await().untilAsserted(() -> {
                try (EventReader next = strict.stream(token, greedy)) {
                    assertThat(next.status()).isEqualTo(200);
                }
            });
            five.forEach(EventReader::close);
        }
    }

    @Test
    void drainEndsStreamsOverItsPeriod() {
        try (EventReader one = gateway.stream(query);
                EventReader other = gateway.stream(query)) {
            one.data();
            other.data();

            gateway.health.drain();
            gateway.streams.drain(Duration.ofSeconds(5));
            gateway.clock.awaitLoops();
            gateway.clock.advance(Duration.ofSeconds(6));

            for (EventReader stream : new EventReader[] {one, other}) {
                assertThat(lastOf(stream)).matches("retry: [1-4]\\d{3}\n");
            }
        }
        assertThat(scraped("waitingroom_streams_ended_total{cause=\"drained\"}"))
                .isEqualTo(2);
    }

    @Test
    void streamThatIsOpenedDuringTheDrainTellsTheStatusAndEnds() {
        gateway.streams.drain(Duration.ofSeconds(5));

        try (EventReader stream = gateway.stream(query)) {
            assertThat(stream.data()).contains("\"position\":42");
            gateway.clock.advance(Duration.ofSeconds(6));

            assertThat(lastOf(stream)).startsWith("retry: ");
        }
    }

    private static String lastOf(EventReader stream) {
        String last = "";
        for (Optional<String> block = stream.next(); block.isPresent(); block = stream.next()) {
            last = block.get();
        }
        return last;
    }

    // --- metrics ---

    @Test
    void openStreamsEventsAndEndsAreCounted() {
        try (EventReader stream = gateway.stream(query)) {
            stream.data();
            room.status = ready();
            gateway.clock.advance(LOOK);
            stream.data();

            assertThat(scraped("waitingroom_streams_open")).isEqualTo(1);
            assertThat(scraped("waitingroom_stream_events_total")).isEqualTo(2);
            assertThat(
                            scraped(
                                    "http_server_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/queue/stream\",status=\"2xx\"}"))
                    .isEqualTo(1);
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(scraped("waitingroom_streams_ended_total{cause=\"client_gone\"}"))
                        .isEqualTo(1));
        assertThat(scraped("waitingroom_streams_open")).isZero();
    }

    private double scraped(String sample) {
        return gateway.admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static TicketStatus ready() {
        return status(FakeRoom.waiting(1), true, Duration.ofSeconds(1));
    }

    /** Of a visitor who would poll every 30 s. */
    private static TicketStatus unhurried(long position) {
        return status(FakeRoom.waiting(position), false, Duration.ofSeconds(30));
    }

    private static TicketStatus status(TicketStatus like, boolean ready, Duration pollAfter) {
        return new TicketStatus(
                like.state(), like.position(), like.eta(), like.waited(), ready, like.onHold(), pollAfter, like.asOf());
    }
}
