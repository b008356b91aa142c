package dev.waitingroom.queue.redis;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach Redis.
 *
 * @param url {@code redis://host:port[/db]}, {@code redis-sentinel://h1:p1,h2:p2[/db]#master} or {@code redis-cluster://h1:p1,h2:p2}; with
 *     TLS {@code rediss} in place of {@code redis}, for Sentinels and servers alike; credentials belong in the other fields
 * @param servers what servers are told
 * @param sentinels what Sentinels are told
 * @param caFile PEM file of the authority that signed the servers' certificates; only with TLS; empty trusts the JDK's
 * @param client certificate for servers and Sentinels that ask for one; only with TLS
 */
public record RedisSettings(
        String url,
        Optional<Credentials> servers,
        Optional<Credentials> sentinels,
        Optional<Path> caFile,
        Optional<ClientCertificate> client) {
    /** @throws IllegalArgumentException as {@link #checked} */
    public RedisSettings {
        checked(url);
    }

    /** Without a certificate of its own. */
    public RedisSettings(
            String url, Optional<Credentials> servers, Optional<Credentials> sentinels, Optional<Path> caFile) {
        this(url, servers, sentinels, caFile, Optional.empty());
    }

    /** Redis as it is without further settings. */
    public static RedisSettings of(String url) {
        return new RedisSettings(url, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The URL, if it can be understood.
     *
     * @throws IllegalArgumentException where it cannot; it says what it must be like, not what it is, since there may be a password in it
     */
    public static String checked(String url) {
        RedisUrl.parse(url);
        return url;
    }

    /** For logs and messages: where, without credentials. */
    @Override
    public String toString() {
        return url.replaceAll("//[^@/]*@", "//***@");
    }
}
