package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.FleetId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.control.FleetControl;
import dev.waitingroom.queue.control.FleetRoom;
import dev.waitingroom.queue.control.PodReport;
import dev.waitingroom.queue.control.RedisCheck;
import dev.waitingroom.queue.control.RedisUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A fleet's list and reports, as the operator and its gateways see them. */
final class FleetCalls implements FleetControl {
    private final RedisLink link;
    private final Scripts scripts;

    FleetCalls(RedisLink link, Scripts scripts) {
        this.link = link;
        this.scripts = scripts;
    }

    @Override
    public Optional<RoomId> register(FleetId fleet, FleetRoom room) throws RedisUnavailableException {
        List<Object> reply = Blocking.await(link.run(
                scripts.fleetRegister,
                Keys.fleet(fleet),
                Bytes.of(room.eventId()),
                Bytes.of(room.room().toString()),
                Bytes.of(room.incarnation())));
        RoomId holder = RoomId.parse(Bytes.text(reply.getFirst()));
        return holder.equals(room.room()) ? Optional.empty() : Optional.of(holder);
    }

    @Override
    public void unregister(FleetId fleet, FleetRoom room) throws RedisUnavailableException {
        Blocking.await(link.run(
                scripts.fleetUnregister,
                Keys.fleet(fleet),
                Bytes.of(room.eventId()),
                Bytes.of(room.room().toString()),
                Bytes.of(room.incarnation())));
    }

    @Override
    public List<FleetRoom> rooms(FleetId fleet) throws RedisUnavailableException {
        return Blocking.await(listed(fleet));
    }

    @Override
    public List<PodReport> reports(FleetId fleet) throws RedisUnavailableException {
        List<Object> reply = Blocking.await(link.run(scripts.fleetReports, Keys.fleet(fleet)));
        var reports = new ArrayList<PodReport>();
        for (int i = 0; i < reply.size(); i += 2) {
            reports.add(ReportCodec.decode(Bytes.text(reply.get(i)), (byte[]) reply.get(i + 1)));
        }
        return reports;
    }

    @Override
    public RedisCheck check(FleetId fleet) throws RedisUnavailableException {
        return Blocking.await(checked(fleet));
    }

    @Override
    public void clear(FleetId fleet) throws RedisUnavailableException {
        Blocking.await(link.delete(Keys.fleet(fleet)));
    }

    /** As the gateways of a fleet see it. */
    FleetScripts of(FleetId fleet) {
        byte[][] keys = Keys.fleet(fleet);
        return new FleetScripts() {
            @Override
            public CompletionStage<List<FleetRoom>> rooms() {
                return listed(fleet);
            }

            @Override
            public CompletionStage<List<FleetRoom>> deleted() {
                return link.hash(keys[2]).thenApply(FleetCalls::decode);
            }

            @Override
            public CompletionStage<Long> report(Report report) {
                return link.run(scripts.fleetReport, keys, Bytes.of(report.pod()), ReportCodec.encode(report))
                        .thenApply(reply -> (Long) reply.getFirst());
            }

            @Override
            public CompletionStage<RedisCheck> check() {
                return checked(fleet);
            }

            @Override
            public CompletionStage<Long> withdraw(String pod) {
                return link.run(scripts.fleetReport, keys, Bytes.of(pod), Bytes.EMPTY)
                        .thenApply(reply -> (Long) reply.getFirst());
            }
        };
    }

    private CompletionStage<RedisCheck> checked(FleetId fleet) {
        return link.run(scripts.check, Keys.check(fleet)).thenApply(CheckDecoder::decode);
    }

    private CompletionStage<List<FleetRoom>> listed(FleetId fleet) {
        return link.hash(Keys.fleet(fleet)[0]).thenApply(FleetCalls::decode);
    }

    /** The incarnation comes first and the room last in both lists. */
    private static List<FleetRoom> decode(List<byte[]> flat) {
        var rooms = new ArrayList<FleetRoom>();
        for (int i = 0; i < flat.size(); i += 2) {
            String entry = Bytes.text(flat.get(i + 1));
            rooms.add(new FleetRoom(
                    Bytes.text(flat.get(i)),
                    RoomId.parse(entry.substring(entry.lastIndexOf(' ') + 1)),
                    Long.parseLong(entry.substring(0, entry.indexOf(' ')))));
        }
        return rooms;
    }
}
