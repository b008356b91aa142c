package dev.waitingroom.testkit.visitors;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** One visitor of a crowd. Runs only on the event loop of the client. */
final class Simulated {
    private static final Duration SOON = Duration.ofSeconds(1);

    /** The crowd, as its visitors see it. */
    interface World {
        /** Sends a call and passes its answer to the visitor. */
        void send(Simulated visitor, URI gateway, Operation operation);

        void after(Duration wait, Runnable then);

        /** The visitor has nothing more to do. */
        void done(Crowd.End end);

        URI gateway(int index);

        String eventId();

        Behaviour behaviour();
    }

    private enum Habit {
        WAITS,
        ABSENT,
        SLEEPS,
        LEAVES
    }

    private final World world;
    private final int index;
    private final Habit habit;
    private final Operation.Join join;
    private int gateway;
    private int pollsLeft;
    private String token = "";

    Simulated(World world, int index) {
        this.world = world;
        this.index = index;
        Behaviour behaviour = world.behaviour();
        // Each visitor has its own generator, so its choices do not depend on timing.
        SplittableRandom random = new SplittableRandom(behaviour.seed() * 0x9e3779b97f4a7c15L + index);
        this.habit = habit(behaviour, random.nextDouble());
        String name = "visitor-" + behaviour.seed() + "-" + index;
        boolean named = random.nextDouble() < behaviour.namedShare();
        this.pollsLeft = 1 + random.nextInt(3);
        this.gateway = random.nextInt(Integer.MAX_VALUE);
        this.join = new Operation.Join(
                world.eventId(),
                named ? Optional.of(name) : Optional.empty(),
                behaviour.keyed() ? Optional.of(name) : Optional.empty(),
                random.nextDouble() < behaviour.admitShare());
    }

    private static Habit habit(Behaviour behaviour, double draw) {
        if (draw < behaviour.absentShare()) {
            return Habit.ABSENT;
        }
        if (draw < behaviour.absentShare() + behaviour.sleeperShare()) {
            return Habit.SLEEPS;
        }
        return draw < behaviour.absentShare() + behaviour.sleeperShare() + behaviour.leaverShare()
                ? Habit.LEAVES
                : Habit.WAITS;
    }

    int index() {
        return index;
    }

    void arrive() {
        send(join);
    }

    void answered(Operation operation, Answer answer) {
        switch (answer) {
            case Answer.Joined joined -> {
                token = joined.token();
                if (habit == Habit.ABSENT) {
                    world.done(Crowd.End.ABSENT);
                } else {
                    world.after(joined.pollAfter(), this::poll);
                }
            }
            case Answer.Standing standing -> stands(standing);
            case Answer.Entered entered -> world.done(Crowd.End.ADMITTED);
            case Answer.Admitted admitted -> world.done(Crowd.End.ADMITTED);
            case Answer.Left left -> world.done(Crowd.End.LEFT);
            case Answer.Refused refused -> refused(operation, refused);
            case Answer.Unreadable unreadable -> elsewhere(operation);
            case Answer.Lost lost -> elsewhere(operation);
        }
    }

    /** Goes to the next gateway, as a load balancer does. */
    private void elsewhere(Operation operation) {
        gateway++;
        world.after(SOON, () -> send(operation));
    }

    private void stands(Answer.Standing standing) {
        if (!standing.waiting()) {
            world.done(standing.state().equals("admitted") ? Crowd.End.ADMITTED : Crowd.End.GONE);
            return;
        }
        if (pollsLeft > 0 && --pollsLeft == 0) {
            if (habit == Habit.LEAVES) {
                send(new Operation.Leave(token));
                return;
            }
            if (habit == Habit.SLEEPS) {
                world.after(world.behaviour().sleep(), this::poll);
                return;
            }
        }
        if (standing.ready() && world.behaviour().enters()) {
            send(new Operation.Admit(token));
        } else {
            world.after(standing.pollAfter(), this::poll);
        }
    }

    private void refused(Operation operation, Answer.Refused refused) {
        Duration wait = refused.retryAfter().orElse(SOON);
        switch (refused.status()) {
            case 403, 409 ->
                world.after(wait, operation instanceof Operation.Join ? () -> send(operation) : this::poll);
            case 503 -> world.after(wait, () -> send(operation));
            default -> world.done(Crowd.End.GONE);
        }
    }

    private void poll() {
        send(new Operation.Poll(token));
    }

    private void send(Operation operation) {
        world.send(this, world.gateway(gateway), operation);
    }
}
