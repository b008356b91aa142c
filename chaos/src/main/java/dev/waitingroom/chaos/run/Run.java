package dev.waitingroom.chaos.run;

import com.nimbusds.jose.JOSEException;
import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.fault.Injection;
import dev.waitingroom.chaos.fault.Injector;
import dev.waitingroom.chaos.fault.Schedule;
import dev.waitingroom.chaos.history.Checker;
import dev.waitingroom.chaos.history.History;
import dev.waitingroom.chaos.history.Promises;
import dev.waitingroom.chaos.history.Violation;
import dev.waitingroom.chaos.site.Gateways;
import dev.waitingroom.chaos.site.OperatorHand;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.chaos.site.SessionVisitors;
import dev.waitingroom.chaos.site.SiteKeys;
import dev.waitingroom.chaos.site.TendedRooms;
import dev.waitingroom.chaos.topology.Kind;
import dev.waitingroom.chaos.topology.Topology;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Behaviour;
import dev.waitingroom.testkit.visitors.Call;
import dev.waitingroom.testkit.visitors.CallObserver;
import dev.waitingroom.testkit.visitors.Crowd;
import dev.waitingroom.testkit.visitors.Operation;
import dev.waitingroom.testkit.visitors.VisitorClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** One run, of a seed and a kind of Redis. They determine the faults and the visitors; the outcome depends on the machine too. */
public final class Run {
    /** The time of a fault, with the quiet time before it and the repair. */
    private static final Duration EACH_FAULT = Duration.ofSeconds(6);

    /** The time for start, end and the last polls. */
    private static final Duration AROUND = Duration.ofSeconds(8);

    /**
     * Longer than a recovery of the line. So the checker also judges the time after it: whether a snapshot stands still, and whether a free
     * place is given to the next visitor.
     */
    private static final Duration CALM = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration LAST_ANSWERS = PATIENCE.multipliedBy(5);
    private static final Duration TWINS_AFTER = Duration.ofSeconds(2);
    private static final Duration LOOK_UP = Duration.ofSeconds(1);

    private final long seed;
    private final Plan plan;
    private final Path output;
    private final Consumer<String> progress;

    /** The recorded data of a room. */
    private record Seen(RoomScenario cast, Recorder recorder, Optional<SessionVisitors> sessions, List<Crowd> crowds) {
        /** Receives the calls of the crowds. */
        CallObserver observer() {
            return sessions.<CallObserver>map(visitors -> visitors).orElse(recorder);
        }

        /** The number of calls that are neither answered nor given up. */
        int underWay() {
            return crowds.stream().mapToInt(Crowd::underWay).sum()
                    + sessions.map(SessionVisitors::underWay).orElse(0);
        }
    }

    /**
     * @param length about how long it takes, without the calm at its end
     * @param output the directory for histories of failures
     * @param progress receives a line for each step
     */
    public Run(long seed, Kind kind, Duration length, Path output, Consumer<String> progress) {
        this(
                seed,
                planned(seed, kind, (int) Math.max(1, length.minus(AROUND).dividedBy(EACH_FAULT))),
                output,
                progress);
    }

    /** @param plan the plan; the seed then only determines what is random about a fault */
    public Run(long seed, Plan plan, Path output, Consumer<String> progress) {
        this.seed = seed;
        this.plan = plan;
        this.output = output;
        this.progress = progress;
    }

    private static Plan planned(long seed, Kind kind, int faults) {
        return new Plan(
                kind,
                OptionalInt.empty(),
                Schedule.of(seed, kind, faults),
                RoomScenario.of(seed * 10, faults * (int) EACH_FAULT.toSeconds() + (int) CALM.toSeconds()),
                CALM,
                true,
                Optional.empty());
    }

    /** Carries the run out, and judges it. */
    public RunResult execute() throws IOException, InterruptedException {
        Instant begun = Instant.now();
        Path directory = Files.createTempDirectory("waitingroom-chaos");
        Random random = new Random(seed);
        Schedule schedule = plan.schedule();
        int gatewayCount = plan.gateways().orElseGet(() -> 2 + random.nextInt(2));
        List<Injection> injections = new ArrayList<>();
        List<Seen> rooms = new ArrayList<>();
        boolean held = false;
        try (Topology topology = plan.kind().start(directory, gatewayCount, schedule.has(Fault.REDIS_CLOCK));
                OperatorHand operator = new OperatorHand(topology.operator());
                VisitorClient client = new VisitorClient(300, PATIENCE);
                StallMeter stalls = new StallMeter(client.loop())) {
            SiteKeys keys = keys(directory);
            List<RoomScenario> casts = plan.casts();
            try (Gateways gateways = new Gateways(
                            topology, keys, directory, gatewayCount, schedule.has(Fault.GATEWAY_CLOCK), plan.patch());
                    TendedRooms tended = new TendedRooms(
                            operator, casts.stream().map(RoomScenario::policy).toList())) {
                gateways.awaitServe(tended.events());
                if (!plan.tended()) {
                    tended.neglect();
                }
                casts.forEach(cast -> rooms.add(come(cast, gateways, keys, client)));
                Thread.sleep(TWINS_AFTER);
                rooms.forEach(seen -> seen.cast()
                        .twins()
                        .ifPresent(twins -> seen.crowds().add(crowd(seen, twins, gateways, client))));
                faults(schedule, topology, gateways, tended, random, rooms, injections);
                Thread.sleep(plan.calm());
                end(rooms, gateways, client);
                RunResult result = verdict(rooms, tended, operator, injections, stalls.longest(), begun);
                held = result.failures().isEmpty();
                return result;
            }
        } finally {
            if (!held) {
                keepLogs(directory);
            }
            delete(directory);
        }
    }

    private static SiteKeys keys(Path directory) throws IOException {
        try {
            return SiteKeys.make(directory.resolve("keys"));
        } catch (JOSEException e) {
            throw new IllegalStateException("this JDK makes no keys", e);
        }
    }

    private Seen come(RoomScenario cast, Gateways gateways, SiteKeys keys, VisitorClient client) {
        Recorder recorder = new Recorder(keys.tickets(), gateways::processAt);
        List<String> events =
                plan.casts().stream().map(room -> room.policy().eventId()).toList();
        Optional<SessionVisitors> sessions = cast.sessions()
                .map(habits -> new SessionVisitors(
                        client, gateways.addresses(), recorder, keys.sessions(), cast.policy(), events, habits));
        Seen seen = new Seen(cast, recorder, sessions, new ArrayList<>());
        seen.crowds().add(crowd(seen, cast.crowd(), gateways, client));
        return seen;
    }

    private static Crowd crowd(Seen seen, Behaviour behaviour, Gateways gateways, VisitorClient client) {
        return Crowd.start(
                client,
                gateways.addresses(),
                seen.cast().policy().eventId(),
                behaviour,
                InstantSource.system(),
                seen.observer());
    }

    private void faults(
            Schedule schedule,
            Topology topology,
            Gateways gateways,
            TendedRooms tended,
            Random random,
            List<Seen> rooms,
            List<Injection> injections)
            throws InterruptedException {
        Injector injector = new Injector(topology, gateways, tended, random);
        for (Schedule.Step step : schedule.steps()) {
            Thread.sleep(step.quiet());
            progress.accept("%s (%s)"
                    .formatted(
                            step.faults().stream().map(Fault::name).collect(Collectors.joining(" and ")),
                            figures(rooms)));
            injections.addAll(injector.inject(step));
        }
    }

    private static String figures(List<Seen> rooms) {
        List<Crowd.Figures> all = rooms.stream()
                .flatMap(seen -> seen.crowds().stream())
                .map(Crowd::figures)
                .toList();
        return "%d here, %d admitted"
                .formatted(
                        all.stream().mapToInt(Crowd.Figures::active).sum(),
                        all.stream()
                                .mapToInt(figures -> figures.ended(Crowd.End.ADMITTED))
                                .sum());
    }

    /** Stops the visitors, and polls every ticket through every gateway. */
    private static void end(List<Seen> rooms, Gateways gateways, VisitorClient client) throws InterruptedException {
        rooms.forEach(seen -> {
            seen.crowds().forEach(Crowd::close);
            seen.sessions().ifPresent(SessionVisitors::close);
        });
        awaitAnswers(() -> underWay(rooms), LAST_ANSWERS);
        // Twice: at the first poll of a ticket a gateway may have to ask Redis.
        for (int round = 0; round < 2; round++) {
            Thread.sleep(LOOK_UP);
            for (Seen seen : rooms) {
                for (URI gateway : gateways.addresses()) {
                    pollAll(seen, gateway, client);
                }
            }
        }
    }

    /** The number of calls that are neither answered nor given up, for each room that has any. */
    private static Map<String, Integer> underWay(List<Seen> rooms) {
        Map<String, Integer> calls = new TreeMap<>();
        for (Seen seen : rooms) {
            if (seen.underWay() > 0) {
                calls.put(seen.cast().policy().eventId(), seen.underWay());
            }
        }
        return calls;
    }

    /** Fails with the calls that are left if it takes longer. Every call has a timeout, so that is a bug of this harness. */
    static void awaitAnswers(Callable<Map<String, Integer>> underWay, Duration atMost) {
        Awaitility.await("no call under way")
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(20))
                .until(underWay, Map::isEmpty);
    }

    private static void pollAll(Seen seen, URI gateway, VisitorClient client) {
        Map<String, Integer> visitors = new HashMap<>();
        for (Call call : seen.recorder().calls()) {
            switch (call.answer()) {
                case Answer.Joined joined -> visitors.putIfAbsent(joined.token(), call.visitor());
                case Answer.Entered entered -> visitors.putIfAbsent(entered.token(), call.visitor());
                default -> {}
            }
        }
        List<CompletableFuture<Void>> polls = new ArrayList<>();
        visitors.forEach((token, visitor) -> {
            Operation poll = new Operation.Poll(token);
            Instant invoked = Instant.now();
            polls.add(client.call(gateway, poll)
                    .thenAccept(answer ->
                            seen.recorder().completed(new Call(visitor, gateway, poll, invoked, Instant.now(), answer)))
                    .toCompletableFuture());
        });
        CompletableFuture.allOf(polls.toArray(CompletableFuture[]::new)).join();
    }

    private RunResult verdict(
            List<Seen> rooms,
            TendedRooms tended,
            OperatorHand operator,
            List<Injection> injections,
            Duration stall,
            Instant begun) {
        List<Failure> failures = new ArrayList<>();
        Map<Fault, Duration> outages = new EnumMap<>(Fault.class);
        int calls = 0;
        int admitted = 0;
        int stamped = 0;
        int judgedForOrder = 0;
        for (Seen seen : rooms) {
            String event = seen.cast().policy().eventId();
            History history = seen.recorder().history();
            Promises promises = AllowanceCalculator.promises(tended.written(event), injections, stall);
            HistoryText text = new HistoryText(history, injections);
            List<Violation> violations = new ArrayList<>(Checker.judge(history, promises));
            Optional<Promises> exact = AllowanceCalculator.stamps(tended.written(event), injections);
            if (exact.isPresent()) {
                List<Long> stamps = operator.admissions(seen.cast().policy());
                violations.addAll(Checker.judgeStamps(stamps, exact.get()));
                stamped += stamps.size();
            }
            Path file = output.resolve("%s-%d-%s.txt".formatted(plan.kind(), seed, event));
            if (!violations.isEmpty()) {
                write(file, promises + "\n" + text.list(violations) + "\n" + text.whole() + "\n");
            }
            violations.forEach(violation -> failures.add(new Failure(event, violation, text.around(violation), file)));
            Outages.longest(seen.recorder().calls(), injections)
                    .forEach((fault, time) -> outages.merge(fault, time, (a, b) -> a.compareTo(b) < 0 ? b : a));
            calls += history.events().size() + history.sessions().size();
            judgedForOrder += Checker.judgedForOrder(history, promises);
            admitted += seen.crowds().stream()
                    .mapToInt(crowd -> crowd.figures().ended(Crowd.End.ADMITTED))
                    .sum();
        }
        return new RunResult(
                seed,
                plan.kind(),
                injections,
                rooms.size(),
                calls,
                admitted,
                stamped,
                judgedForOrder,
                outages,
                failures,
                Duration.between(begun, Instant.now()));
    }

    /** The logs of the gateways of a run that failed or did not end. */
    private void keepLogs(Path directory) throws IOException {
        Files.createDirectories(output);
        try (var files = Files.newDirectoryStream(directory, "*.log")) {
            for (Path log : files) {
                Files.copy(
                        log,
                        output.resolve("%s-%d-%s".formatted(plan.kind(), seed, log.getFileName())),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
