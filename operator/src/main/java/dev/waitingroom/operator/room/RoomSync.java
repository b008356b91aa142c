package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus;
import dev.waitingroom.operator.redis.RedisConnections;
import dev.waitingroom.operator.redis.RedisResolution;
import dev.waitingroom.operator.redis.RedisResolution.Found;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.redis.RedisResolver;
import dev.waitingroom.operator.room.Sync.Done;
import dev.waitingroom.operator.room.Sync.Refused;
import dev.waitingroom.operator.site.SiteFactory;
import dev.waitingroom.operator.site.SiteFactory.Site;
import dev.waitingroom.operator.site.SiteSources;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.watch.GatewayObservation;
import dev.waitingroom.operator.watch.RedisWatch;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.RedisFault;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomControl.Applied;
import dev.waitingroom.queue.store.RoomRegistration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Writes a room's policy, and its place on the gateway's list, to Redis. From then on {@link RedisWatch} keeps them there. If the new policy is
 * refused, the old one stays in force. Thread-safe.
 */
public final class RoomSync {
    private final RedisResolver resolver;
    private final RedisConnections connections;
    private final RedisWatch watch;

    public RoomSync(RedisResolver resolver, RedisConnections connections, RedisWatch watch) {
        this.resolver = resolver;
        this.connections = connections;
        this.watch = watch;
    }

    static RoomId idOf(WaitingRoom room) {
        return new RoomId(room.getMetadata().getNamespace(), room.getMetadata().getName());
    }

    /** The gateway that serves the room. It stays the first one, since tickets are signed with its keys. */
    static GatewayId gatewayOf(WaitingRoom room) {
        WaitingRoomStatus status = room.statusOrNone();
        String serving = status.policy() == null ? null : status.gateway();
        return new GatewayId(
                room.getMetadata().getNamespace(),
                serving == null ? room.getSpec().gatewayRef().name() : serving);
    }

    /**
     * Writes what Redis does not have yet.
     *
     * @param gateway that serves the room; empty if it does not exist
     * @param sources what the API server has of the things that the spec names
     * @param exists whether a room's object exists
     */
    Sync sync(WaitingRoom room, Optional<WaitingRoomGateway> gateway, SiteSources sources, Predicate<RoomId> exists) {
        Optional<Refused> changed = changed(room);
        if (changed.isPresent()) {
            return changed.get();
        }
        Policy policy;
        Site site;
        try {
            policy = Policies.of(room);
            site = SiteFactory.of(room.getSpec(), sources);
        } catch (IllegalArgumentException e) {
            return new Refused(
                    "SpecInvalid", e.getMessage() + ". Correct the spec. Until then the former spec stays in force.");
        }
        GatewayId gatewayId = gatewayOf(room);
        if (gateway.isEmpty()) {
            return new Refused(
                    "GatewayMissing",
                    "WaitingRoomGateway " + gatewayId.name()
                            + " does not exist. Create it. The line is kept until then.");
        }
        return switch (resolver.resolve(gateway.get())) {
            case Problem problem ->
                new Refused(problem.reason(), "WaitingRoomGateway " + gatewayId.name() + ": " + problem.message());
            case Found found -> {
                try {
                    yield put(room, gatewayId, connections.connect(gatewayId, found.location()), policy, site, exists);
                } catch (IllegalArgumentException e) {
                    yield new Refused(
                            "RedisUrlInvalid", "WaitingRoomGateway " + gatewayId.name() + ": " + e.getMessage());
                } catch (RedisUnavailableException e) {
                    yield failed(e.fault(), String.valueOf(e.getMessage()));
                }
            }
        };
    }

    private Sync put(
            WaitingRoom room, GatewayId gatewayId, QueueRedis redis, Policy policy, Site site, Predicate<RoomId> exists)
            throws RedisUnavailableException {
        RoomId id = idOf(room);
        SiteText text = SiteText.of(site.settings());
        watch.watch(gatewayId, redis);
        Optional<GatewayObservation.Problem> problem = watch.gateway(gatewayId).flatMap(GatewayObservation::problem);
        if (problem.isPresent()) { // known already: do not wait a second for the same error
            return failed(problem.get().fault(), problem.get().detail());
        }
        if (watch.keeps(gatewayId, redis, id, policy, text)) {
            return new Done(policy, site);
        }
        var place = new RoomRegistration(policy.eventId(), id, policy.incarnation());
        Optional<RoomId> holder = redis.gatewayControl().register(gatewayId, place);
        if (holder.isPresent() && !exists.test(holder.get())) {
            redis.gatewayControl().unregister(gatewayId, new RoomRegistration(policy.eventId(), holder.get(), 0));
            holder = redis.gatewayControl().register(gatewayId, place);
        }
        if (holder.isPresent()) {
            watch.forget(id);
            return new Refused(
                    "EventIdTaken",
                    "WaitingRoom " + holder.get().name() + " serves event " + policy.eventId() + " on gateway "
                            + gatewayId.name()
                            + ". Either delete one of the two, or create this one again with another spec.eventId.");
        }
        boolean newRoom = room.statusOrNone().policy() == null && !watch.watches(id);
        // A Redis that is used again after another one has an older copy of the line.
        long knownEpoch = Math.max(epochOf(room), watch.knownEpoch(id));
        boolean restarted = !watch.watches(id);
        Applied applied = redis.roomControl().apply(id, policy, Optional.of(text), newRoom, knownEpoch);
        if (applied == Applied.NEWER_PRESENT) {
            return new Refused(
                    "NewerPolicyInRedis",
                    "Redis has a policy of a later generation than " + policy.generation()
                            + ". If this lasts, the object was restored from a backup: edit its spec until its generation is later.");
        }
        watch.watch(gatewayId, redis, id, policy, text, knownEpoch);
        return new Done(policy, site, restarted && applied == Applied.WRITTEN && wasSynced(room, policy));
    }

    /** Whether Redis had this very policy when an earlier operator process wrote the status. */
    private static boolean wasSynced(WaitingRoom room, Policy policy) {
        return ConditionSet.find(room.statusOrNone().conditions(), RoomStatusFactory.POLICY_SYNCED)
                .filter(synced ->
                        synced.status() == ConditionStatus.TRUE && synced.observedGeneration() == policy.generation())
                .isPresent();
    }

    private static long epochOf(WaitingRoom room) {
        return Objects.requireNonNullElse(room.statusOrNone().epoch(), 0L);
    }

    private static Optional<Refused> changed(WaitingRoom room) {
        WaitingRoomStatus status = room.statusOrNone();
        if (status.policy() == null) {
            return Optional.empty();
        }
        if (status.eventId() != null && !status.eventId().equals(room.eventId())) {
            return Optional.of(new Refused(
                    "EventIdChanged",
                    "spec.eventId cannot be changed from " + status.eventId() + " to " + room.eventId()
                            + ", since visitors have tickets for it. Change it back, or create a new WaitingRoom."));
        }
        String wanted = room.getSpec().gatewayRef().name();
        if (status.gateway() != null && !status.gateway().equals(wanted)) {
            return Optional.of(
                    new Refused(
                            "GatewayChanged",
                            "spec.gatewayRef cannot be changed from " + status.gateway() + " to " + wanted
                                    + ", since tickets are signed with its keys. Change it back, or create a new WaitingRoom."));
        }
        return Optional.empty();
    }

    private static Refused failed(RedisFault fault, String detail) {
        Problem problem = RedisResolution.failed(
                fault, detail, "Visitors keep their places. The policy is written as soon as Redis accepts it.");
        return new Refused(problem.reason(), problem.message());
    }
}
