package dev.waitingroom.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisExtensionIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension("appendonly yes", "appendfsync always");

    @Test
    void answersCommands() {
        REDIS.redis().command("RPUSH", "list", "a", "b");

        assertThat(REDIS.redis().command("LRANGE", "list", "0", "-1"))
                .asString()
                .isEqualTo("[a, b]");
        assertThat(REDIS.redis().info("redis_version")).isNotEmpty();
        assertThatThrownBy(() -> REDIS.redis().command("NOSUCH")).hasMessageContaining("unknown command");
    }

    @Test
    void isEmptyForEveryTest() {
        assertThat(REDIS.redis().command("DBSIZE")).isEqualTo(0L);
    }

    @Test
    void keepsWhatItPersistedOverAKill() {
        REDIS.redis().command("SET", "k", "v");
        REDIS.redis().kill();
        assertThatThrownBy(() -> REDIS.redis().command("GET", "k")).isInstanceOf(UncheckedIOException.class);

        REDIS.redis().restart();

        assertThat(REDIS.redis().command("GET", "k")).isEqualTo("v");
    }

    @Test
    void pausesAndResumes() {
        REDIS.redis().pause();
        REDIS.redis().resume();

        assertThat(REDIS.redis().command("PING")).isEqualTo("PONG");
    }
}
