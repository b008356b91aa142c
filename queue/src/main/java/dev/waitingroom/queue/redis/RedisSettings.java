package dev.waitingroom.queue.redis;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach Redis.
 *
 * @param url {@code redis://host:port[/db]}, {@code rediss://…} (TLS), {@code redis-sentinel://h1:p1,h2:p2/db#master},
 *     {@code redis-cluster://h1:p1,h2:p2} or {@code rediss-cluster://…}; credentials belong in the other fields
 * @param username ACL user
 * @param password its password
 * @param caFile PEM file of the authority that signed the server's certificate; only with TLS; empty trusts the JDK's
 */
public record RedisSettings(String url, Optional<String> username, Optional<String> password, Optional<Path> caFile) {
    /** For logs and messages: where, without credentials. */
    @Override
    public String toString() {
        return url.replaceAll("//[^@/]*@", "//***@");
    }
}
