package dev.waitingroom.bench;

import dev.waitingroom.testkit.redis.RedisProcess;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what scripts cost from Redis itself, so that neither network nor client counts. */
final class ScriptClock {
    private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=(\\d+),usec=(\\d+)");

    private final RedisProcess redis;

    ScriptClock(RedisProcess redis) {
        this.redis = redis;
    }

    /** The mean µs of the scripts that these calls run. */
    double mean(Calls calls) throws Exception {
        Matcher total = total(calls);
        return Double.parseDouble(total.group(2)) / Double.parseDouble(total.group(1));
    }

    /** The µs of all scripts that these calls run. */
    double sum(Calls calls) throws Exception {
        return Double.parseDouble(total(calls).group(2));
    }

    private Matcher total(Calls calls) throws Exception {
        redis.command("CONFIG", "RESETSTAT");
        calls.make();
        Matcher found = SCRIPTS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
        if (!found.find()) {
            throw new IllegalStateException("no script ran");
        }
        return found;
    }

    /** Calls of scripts. */
    @FunctionalInterface
    interface Calls {
        void make() throws Exception;
    }
}
