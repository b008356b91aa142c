package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Packs what {@code join.lua} takes, and checks the sizes of all batches. */
final class BatchEncoder {
    private BatchEncoder() {}

    /** For each join with a visitor key: its place in the batch, and its hash. */
    static byte[] visitors(List<JoinEntry> entries) {
        var packed = new ByteArrayOutputStream();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).visitorHash().isPresent()) {
                byte[] hash = entries.get(i).visitorHash().get();
                within(
                        "bytes of a visitor hash",
                        hash.length,
                        RoomScripts.VISITOR_HASH_BYTES,
                        RoomScripts.VISITOR_HASH_BYTES);
                packed.write(i >> 8);
                packed.write(i);
                packed.writeBytes(hash);
            }
        }
        return packed.toByteArray();
    }

    /** For each join that asks to be admitted: its place in the batch. */
    static byte[] toAdmit(List<JoinEntry> entries) {
        var packed = new ByteArrayOutputStream();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).admit()) {
                packed.write(i >> 8);
                packed.write(i);
            }
        }
        return packed.toByteArray();
    }

    static void within(String what, int count, int least, int most) {
        if (count < least || count > most) {
            throw new IllegalArgumentException(what + " must be " + least + ".." + most + ", not " + count);
        }
    }
}
