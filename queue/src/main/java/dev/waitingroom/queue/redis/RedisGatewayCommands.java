package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.GatewayControl;
import dev.waitingroom.queue.store.GatewayScripts;
import dev.waitingroom.queue.store.PodReport;
import dev.waitingroom.queue.store.RedisCheck;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomRegistration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A gateway's list and reports, as the operator and its gateways see them. */
final class RedisGatewayCommands implements GatewayControl {
    private final ScriptClient link;
    private final Scripts scripts;

    RedisGatewayCommands(ScriptClient link, Scripts scripts) {
        this.link = link;
        this.scripts = scripts;
    }

    @Override
    public Optional<RoomId> register(GatewayId gateway, RoomRegistration room) throws RedisUnavailableException {
        List<Object> reply = Blocking.await(link.run(
                scripts.gatewayRegister,
                Keys.gateway(gateway),
                Bytes.of(room.eventId()),
                Bytes.of(room.room().toString()),
                Bytes.of(room.incarnation())));
        RoomId holder = RoomId.parse(Bytes.text(reply.getFirst()));
        return holder.equals(room.room()) ? Optional.empty() : Optional.of(holder);
    }

    @Override
    public void unregister(GatewayId gateway, RoomRegistration room) throws RedisUnavailableException {
        Blocking.await(link.run(
                scripts.gatewayUnregister,
                Keys.gateway(gateway),
                Bytes.of(room.eventId()),
                Bytes.of(room.room().toString()),
                Bytes.of(room.incarnation())));
    }

    @Override
    public List<RoomRegistration> rooms(GatewayId gateway) throws RedisUnavailableException {
        return Blocking.await(listed(gateway));
    }

    @Override
    public List<PodReport> reports(GatewayId gateway) throws RedisUnavailableException {
        List<Object> reply = Blocking.await(link.run(scripts.gatewayReports, Keys.gateway(gateway)));
        var reports = new ArrayList<PodReport>();
        for (int i = 0; i < reply.size(); i += 2) {
            reports.add(ReportCodec.decode(Bytes.text(reply.get(i)), (byte[]) reply.get(i + 1)));
        }
        return reports;
    }

    @Override
    public RedisCheck check(GatewayId gateway) throws RedisUnavailableException {
        return Blocking.await(checked(gateway));
    }

    @Override
    public void clear(GatewayId gateway) throws RedisUnavailableException {
        Blocking.await(link.delete(Keys.gateway(gateway)));
    }

    /** As the gateways of a gateway see it. */
    GatewayScripts of(GatewayId gateway) {
        byte[][] keys = Keys.gateway(gateway);
        return new GatewayScripts() {
            @Override
            public CompletionStage<List<RoomRegistration>> rooms() {
                return listed(gateway);
            }

            @Override
            public CompletionStage<List<RoomRegistration>> deleted() {
                return link.hash(keys[2]).thenApply(RedisGatewayCommands::decode);
            }

            @Override
            public CompletionStage<Long> report(Report report) {
                return link.run(scripts.gatewayReport, keys, Bytes.of(report.pod()), ReportCodec.encode(report))
                        .thenApply(reply -> (Long) reply.getFirst());
            }

            @Override
            public CompletionStage<RedisCheck> check() {
                return checked(gateway);
            }

            @Override
            public CompletionStage<Long> withdraw(String pod) {
                return link.run(scripts.gatewayReport, keys, Bytes.of(pod), Bytes.EMPTY)
                        .thenApply(reply -> (Long) reply.getFirst());
            }
        };
    }

    private CompletionStage<RedisCheck> checked(GatewayId gateway) {
        return link.run(scripts.check, Keys.check(gateway)).thenApply(CheckDecoder::decode);
    }

    private CompletionStage<List<RoomRegistration>> listed(GatewayId gateway) {
        return link.hash(Keys.gateway(gateway)[0]).thenApply(RedisGatewayCommands::decode);
    }

    /** The incarnation comes first and the room last in both lists. */
    private static List<RoomRegistration> decode(List<byte[]> flat) {
        var rooms = new ArrayList<RoomRegistration>();
        for (int i = 0; i < flat.size(); i += 2) {
            String entry = Bytes.text(flat.get(i + 1));
            rooms.add(new RoomRegistration(
                    Bytes.text(flat.get(i)),
                    RoomId.parse(entry.substring(entry.lastIndexOf(' ') + 1)),
                    Long.parseLong(entry.substring(0, entry.indexOf(' ')))));
        }
        return rooms;
    }
}
