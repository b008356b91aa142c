package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.AdmissionScripts.ActiveSessions;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.store.RoomScripts.AdmitReply;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.MovedPlaces;
import dev.waitingroom.queue.store.RoomScripts.Standing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Reads the replies to batches of tickets: of {@code join.lua}, {@code admit.lua}, {@code leave.lua} and {@code restore.lua}; and that of {@code devices.lua}. */
final class BatchDecoder {
    private BatchDecoder() {}

    static List<JoinAnswer> joinAnswers(List<Object> reply) {
        var runs = ByteBuffer.wrap((byte[]) reply.get(2));
        var answers = new ArrayList<JoinAnswer>();
        while (runs.hasRemaining()) {
            int count = Short.toUnsignedInt(runs.getShort());
            long first = runs.getLong();
            long issued = runs.getLong();
            for (int i = 0; i < count; i++) {
                answers.add(
                        first == ScriptConstants.TICKET_REJECTED
                                ? new JoinAnswer.Rejected()
                                : first == ScriptConstants.TICKET_FULL
                                        ? new JoinAnswer.Full(issued)
                                        : new JoinAnswer.Issued(first + i, issued));
            }
        }
        var admissions = ByteBuffer.wrap((byte[]) reply.get(3));
        while (admissions.hasRemaining()) {
            int place = Short.toUnsignedInt(admissions.getShort());
            var issued = (JoinAnswer.Issued) answers.get(place);
            answers.set(place, new JoinAnswer.Admitted(issued.ticket(), issued.issuedMillis(), admissions.getLong()));
        }
        return answers;
    }

    /** @param ascending the places in the batch of the tickets that were sent */
    static AdmitReply admitReply(List<Object> reply, int[] ascending) {
        byte[] letters = (byte[]) reply.get(2);
        var times = ByteBuffer.wrap((byte[]) reply.get(3));
        var answers = new AdmitAnswer[letters.length];
        for (int i = 0; i < letters.length; i++) {
            answers[ascending[i]] = switch (letters[i]) {
                case 'G' -> new AdmitAnswer.Granted(times.getLong());
                case 'N' -> new AdmitAnswer.NotYet();
                case 'E' -> new AdmitAnswer.BucketEmpty();
                case 'X' -> new AdmitAnswer.Gone();
                case 'U' -> new AdmitAnswer.Unknown();
                default -> throw new IllegalStateException("admit.lua does not answer " + (char) letters[i]);
            };
        }
        return new AdmitReply(List.of(answers), (Long) reply.get(4), (Long) reply.get(5) == 1);
    }

    static List<Standing> standings(List<Object> reply) {
        var times = ByteBuffer.wrap((byte[]) reply.get(3));
        var standings = new ArrayList<Standing>();
        for (byte letter : (byte[]) reply.get(2)) {
            standings.add(
                    switch (letter) {
                        case 'W' -> new Standing.Waits();
                        case 'S' -> new Standing.Asleep();
                        case 'G' -> new Standing.Granted(times.getLong());
                        case 'X' -> new Standing.Gone();
                        case 'N' -> new Standing.NotKnown();
                        case 'U' -> new Standing.Unknown();
                        default -> throw new IllegalStateException("restore.lua does not answer " + (char) letter);
                    });
        }
        return standings;
    }

    @SuppressWarnings("unchecked") // a reply's list holds texts
    static ActiveSessions activeSessions(List<Object> reply) {
        var listed = (List<Object>) reply.get(3);
        var sessions = new HashMap<Long, Long>();
        for (int i = 0; i < listed.size(); i += 2) {
            sessions.put(Long.parseLong(Bytes.text(listed.get(i))), Long.parseLong(Bytes.text(listed.get(i + 1))));
        }
        return new ActiveSessions(sessions, (Long) reply.get(2) == 1);
    }

    /** For each ticket of a leave, whether it held a place. */
    static boolean[] flags(List<Object> reply) {
        byte[] letters = (byte[]) reply.get(2);
        var flags = new boolean[letters.length];
        for (int i = 0; i < letters.length; i++) {
            flags[i] = letters[i] == '1';
        }
        return flags;
    }

    static MovedPlaces movedPlaces(List<Object> reply) {
        long[] pairs = Bytes.unpack((byte[]) reply.get(2), 0);
        var tickets = new long[pairs.length / 2];
        var devices = new long[tickets.length];
        for (int i = 0; i < tickets.length; i++) {
            tickets[i] = pairs[2 * i];
            devices[i] = pairs[2 * i + 1];
        }
        return new MovedPlaces(tickets, devices, (Long) reply.get(3) == 1);
    }
}
