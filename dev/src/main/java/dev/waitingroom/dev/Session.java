package dev.waitingroom.dev;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.dev.Manifests.ManifestException;
import dev.waitingroom.dev.cluster.LocalCluster;
import dev.waitingroom.dev.screen.Columns;
import dev.waitingroom.dev.screen.Screen;
import dev.waitingroom.testkit.visitors.Behaviour;
import dev.waitingroom.testkit.visitors.Crowd;
import dev.waitingroom.testkit.visitors.Crowd.End;
import dev.waitingroom.testkit.visitors.VisitorClient;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does what a user would do: applies a file when it changes, watches the rooms, sends visitors. */
final class Session {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final double ARRIVALS_PER_SECOND = 50;
    private static final int CONNECTIONS = 64;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private final Screen screen;
    private final KubernetesClient client;
    private final Entrance entrance;
    private final Path file;
    private final int visitors;
    private final boolean kept;
    private final Columns rooms;
    private final Columns gateways;
    private final Follower follower = new Follower();
    private Optional<Crowd> crowd = Optional.empty();
    private boolean told;

    /**
     * @param visitors their number
     * @param kept whether to replace each visitor who is done
     */
    Session(
            Screen screen,
            LocalCluster cluster,
            KubernetesClient client,
            Entrance entrance,
            Path file,
            int visitors,
            boolean kept) {
        this.screen = screen;
        this.client = client;
        this.entrance = entrance;
        this.file = file;
        this.visitors = visitors;
        this.kept = kept;
        rooms = new Columns(cluster.definitions().getFirst(), screen.isTerminal());
        gateways = new Columns(cluster.definitions().getLast(), screen.isTerminal());
    }

    /** Runs until it is asked to end. */
    void run(Manifests first, CountDownLatch end) {
        apply(first);
        Optional<FileTime> seen = modified();
        try (var visitorClient = new VisitorClient(CONNECTIONS, CALL_TIMEOUT)) {
            while (!end.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<FileTime> now = modified();
                if (now.isPresent() && !now.equals(seen)) {
                    seen = now;
                    applyAgain();
                }
                look(first.events().getFirst(), visitorClient);
            }
            crowd.ifPresent(Crowd::close);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void applyAgain() {
        try {
            apply(Manifests.read(file));
        } catch (ManifestException e) {
            screen.line(e.getMessage() + "; nothing was applied");
        }
    }

    private void apply(Manifests manifests) {
        List<String> refused = manifests.apply(client);
        refused.forEach(screen::line);
        if (refused.size() < manifests.objects().size()) {
            screen.line(file + " applied" + (refused.isEmpty() ? "" : ", but for what was refused"));
        }
    }

    private void look(String event, VisitorClient visitorClient) {
        List<WaitingRoom> all =
                client.resources(WaitingRoom.class).inAnyNamespace().list().getItems();
        Optional<WaitingRoom> ready = all.stream()
                .filter(room -> room.eventId().equals(event) && isReady(room))
                .findFirst();
        if (ready.isPresent() && !told) {
            told = true;
            URI address = entrance.of(ready.get());
            Hints.of(address, event, ready.get().getSpec().protect() != null).forEach(screen::line);
            if (visitors > 0) {
                crowd = Optional.of(come(visitorClient, address, event));
            }
        }
        screen.show(picture(all));
    }

    private Crowd come(VisitorClient visitorClient, URI address, String event) {
        Behaviour behaviour = Behaviour.patient(visitors, ARRIVALS_PER_SECOND);
        InstantSource clock = InstantSource.system();
        return kept
                ? Crowd.keep(visitorClient, List.of(address), event, behaviour, clock, follower)
                : Crowd.start(visitorClient, List.of(address), event, behaviour, clock, follower);
    }

    private List<String> picture(List<WaitingRoom> all) {
        Instant now = Instant.now();
        var lines = new ArrayList<String>();
        lines.add("");
        lines.addAll(rooms.table(all, now));
        lines.add("");
        lines.addAll(gateways.table(
                client.resources(WaitingRoomGateway.class)
                        .inAnyNamespace()
                        .list()
                        .getItems(),
                now));
        crowd.map(Crowd::figures).ifPresent(figures -> {
            lines.add("");
            lines.add("visitors: %d came, %d wait, %d admitted"
                    .formatted(figures.arrived(), figures.active(), figures.ended(End.ADMITTED)));
            follower.seen().ifPresent(lines::add);
        });
        return lines;
    }

    private Optional<FileTime> modified() {
        try {
            return Optional.of(Files.getLastModifiedTime(file));
        } catch (IOException beingReplaced) {
            return Optional.empty();
        }
    }

    private static boolean isReady(WaitingRoom room) {
        return room.statusOrNone().conditions().stream()
                .anyMatch(condition -> condition.type().equals("Ready")
                        && condition.status().toString().equalsIgnoreCase("True"));
    }
}
