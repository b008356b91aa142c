package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.QueueRedisException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Runs scripts. The stage fails with a {@link QueueRedisException} alone. */
interface ScriptClient extends AutoCloseable {
    CompletionStage<List<Object>> run(Script script, byte[][] keys, byte[]... arguments);

    /** HGETALL: fields and values by turns. */
    CompletionStage<List<byte[]>> hash(byte[] key);

    CompletionStage<Long> delete(byte[]... keys);

    @Override
    void close();
}
