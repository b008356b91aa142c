package dev.waitingroom.bench;

import dev.waitingroom.testkit.redis.RedisProcess;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what scripts cost from Redis itself, so that neither network nor client counts. */
final class ScriptClock {
    private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=\\d+,usec=(\\d+)");

    private final RedisProcess redis;

    ScriptClock(RedisProcess redis) {
        this.redis = redis;
    }

    /**
     * The median of the µs of scripts that a call runs. The mean would count what else the machine did meanwhile.
     *
     * @param times how often the call is made
     */
    double median(int times, Call call) throws Exception {
        double[] micros = new double[times];
        for (int i = 0; i < times; i++) {
            int index = i;
            micros[i] = sum(() -> call.make(index));
        }
        Arrays.sort(micros);
        return (micros[(times - 1) / 2] + micros[times / 2]) / 2;
    }

    /** The µs of all scripts that these calls run. */
    double sum(Calls calls) throws Exception {
        redis.command("CONFIG", "RESETSTAT");
        calls.make();
        Matcher found = SCRIPTS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
        if (!found.find()) {
            throw new IllegalStateException("no script ran");
        }
        return Double.parseDouble(found.group(1));
    }

    /** Calls of scripts. */
    @FunctionalInterface
    interface Calls {
        void make() throws Exception;
    }

    /** A call of a script that is repeated. */
    @FunctionalInterface
    interface Call {
        /** @param index from 0 */
        void make(int index) throws Exception;
    }
}
