package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.LoggingEvent;
import org.slf4j.spi.LoggingEventAware;

class ThrottledLoggerTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final List<String> lines = new ArrayList<>();
    private boolean debug;
    private final ThrottledLogger logger = new ThrottledLogger(recorder(), Duration.ofSeconds(1), now::get);

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -5 * SECOND, 0, Long.MAX_VALUE})
    void firstLineIsAWarningAtAnyTime(long time) {
        logAt(time);

        assertThat(lines).containsExactly("WARN refused");
    }

    @Test
    void lineAfterTheIntervalSaysHowManyWereHeldBack() {
        logAt(0);

        logAt(1);
        logAt(SECOND - 1);
        logAt(SECOND);
        logAt(2 * SECOND);

        assertThat(lines).containsExactly("WARN refused", "WARN refused suppressed=2", "WARN refused");
    }

    @Test
    void lineThatIsHeldBackIsLoggedAtDebug() {
        debug = true;
        logAt(0);

        logAt(1);

        assertThat(lines).containsExactly("WARN refused", "DEBUG refused");
    }

    private void logAt(long nanos) {
        now.set(nanos);
        logger.atWarn().log("refused");
    }

    /** Keeps what is logged. */
    private Logger recorder() {
        return (Logger) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Logger.class, LoggingEventAware.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isWarnEnabled" -> true;
                    case "isDebugEnabled" -> debug;
                    case "log" -> lines.add(line((LoggingEvent) arguments[0]));
                    default -> InvocationHandler.invokeDefault(proxy, method, arguments);
                });
    }

    private static String line(LoggingEvent event) {
        StringBuilder line = new StringBuilder(event.getLevel() + " " + event.getMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(' ').append(pair.key).append('=').append(pair.value);
            }
        }
        return line.toString();
    }
}
