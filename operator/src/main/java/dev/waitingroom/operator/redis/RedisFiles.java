package dev.waitingroom.operator.redis;

import dev.waitingroom.queue.redis.ClientCertificate;
import dev.waitingroom.queue.redis.RedisSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The certificates of a location as files, since a connection reads files. Only this process may read them. */
record RedisFiles(Optional<Path> ca, Optional<ClientCertificate> client) {
    static RedisFiles write(RedisLocation location) {
        return new RedisFiles(
                location.caPem().map(pem -> write("redis-ca", pem)),
                location.client()
                        .map(pem -> new ClientCertificate(
                                write("redis-tls-crt", pem.certificate()), write("redis-tls-key", pem.key()))));
    }

    RedisSettings settings(RedisLocation location) {
        return new RedisSettings(location.url(), location.servers(), location.sentinels(), ca, client);
    }

    void delete() {
        Stream.concat(ca.stream(), client.stream().flatMap(files -> Stream.of(files.certificate(), files.key())))
                .forEach(file -> {
                    try {
                        Files.deleteIfExists(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private static Path write(String name, String pem) {
        try {
            return Files.writeString(Files.createTempFile(name, ".pem"), pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
