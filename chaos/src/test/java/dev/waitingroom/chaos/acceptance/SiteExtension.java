package dev.waitingroom.chaos.acceptance;

import static org.awaitility.Awaitility.await;

import dev.waitingroom.chaos.site.OperatorHand;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.chaos.site.Site;
import dev.waitingroom.chaos.topology.Kind;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.store.LineFigures;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Behaviour;
import dev.waitingroom.testkit.visitors.Crowd;
import dev.waitingroom.testkit.visitors.Operation;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Two gateway processes and a Redis for all acceptance tests. Each test has an extension of its own, which removes the test's rooms after it. {@code -Dacceptance.redis} names the
 * {@link Kind} of Redis in small letters; the default is a single Redis.
 */
final class SiteExtension implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(SiteExtension.class);

    private record Running(Site site) implements AutoCloseable {
        static Running start() {
            try {
                Kind kind = Kind.valueOf(
                        System.getProperty("acceptance.redis", "single").toUpperCase(Locale.ROOT));
                Table.begin(kind);
                Path directory =
                        Files.createDirectories(Path.of("target", "acceptance").toAbsolutePath());
                return new Running(new Site(Files.createTempDirectory(directory, "site"), kind));
            } catch (Exception e) {
                throw new IllegalStateException("the site cannot be started", e);
            }
        }

        @Override
        public void close() {
            site.close();
        }
    }

    private final List<Policy> rooms = new ArrayList<>();
    private Optional<Site> running = Optional.empty();

    @Override
    public void beforeEach(ExtensionContext context) {
        running = Optional.of(context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class)
                .site());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        running().healRedis();
        for (Policy policy : rooms) {
            await().ignoreExceptions().until(() -> {
                running().remove(policy);
                return true;
            });
        }
        rooms.clear();
    }

    Site running() {
        return running.orElseThrow();
    }

    /** Creates a room, and waits until both gateways serve it. */
    Policy open(Policy policy) {
        rooms.add(policy);
        running().open(policy);
        return policy;
    }

    /** Changes a policy as the operator does when the YAML changes. */
    Policy change(Policy policy) {
        running().apply(policy, false);
        return policy;
    }

    /** Starts a crowd and waits until every visit has ended. */
    Crowd.Figures play(Policy policy, Behaviour behaviour, Recorder recorder, Duration atMost) throws Exception {
        return end(running().crowd(policy, behaviour, recorder), atMost);
    }

    static Crowd.Figures end(Crowd crowd, Duration atMost) throws Exception {
        return crowd.finished().toCompletableFuture().get(atMost.toSeconds(), TimeUnit.SECONDS);
    }

    /** Calls the first or the second gateway. */
    Answer call(int gateway, Operation operation) {
        return send(gateway, operation).join();
    }

    CompletableFuture<Answer> send(int gateway, Operation operation) {
        URI address = running().addresses().get(gateway);
        return running().client().call(address, operation).toCompletableFuture();
    }

    static Operation.Join join(Policy policy) {
        return new Operation.Join(policy.eventId(), Optional.empty(), Optional.empty());
    }

    LineFigures figures(Policy policy) throws RedisUnavailableException {
        return running()
                .operator()
                .roomControl()
                .figures(OperatorHand.room(policy))
                .orElseThrow();
    }

    /** The position of each ticket, through the first gateway; -1 if it does not wait. */
    List<Long> positions(List<String> tokens) {
        List<CompletableFuture<Answer>> answers =
                tokens.stream().map(token -> send(0, new Operation.Poll(token))).toList();
        return answers.stream()
                .map(answer -> answer.join() instanceof Answer.Standing standing && standing.waiting()
                        ? standing.position()
                        : -1L)
                .toList();
    }

    /** The waiting tickets and their positions. */
    Map<String, Long> standing(List<String> tokens) {
        List<Long> positions = positions(tokens);
        Map<String, Long> standing = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (positions.get(i) > 0) {
                standing.put(tokens.get(i), positions.get(i));
            }
        }
        return standing;
    }
}
