package dev.waitingroom.testkit.redis;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Redis for a test class, emptied before each test:
 * {@snippet :
 * @RegisterExtension
 * static final RedisExtension REDIS = new RedisExtension();
 * }
 * If a test kills or pauses it, it runs again for the next test.
 */
public final class RedisExtension implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private final String[] config;
    private @Nullable RedisProcess process;

    /** @param config lines as in redis.conf */
    public RedisExtension(String... config) {
        this.config = config.clone();
    }

    /** The process. Call it only while a test of the class runs. */
    public RedisProcess redis() {
        if (process == null) {
            throw new IllegalStateException("Redis runs only while tests do");
        }
        return process;
    }

    public String url() {
        return redis().url();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        process = RedisProcess.start(config);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        redis().revive();
        redis().flush();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        redis().close();
    }
}
