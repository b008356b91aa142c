package dev.waitingroom.operator.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.operator.redis.RedisLocation.ClientPem;
import dev.waitingroom.queue.redis.ClientCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedisFilesTest {
    @Test
    void givesAConnectionTheCertificatesAsFilesAndRemovesThem() throws IOException {
        var location = new RedisLocation(
                "rediss://r",
                Optional.empty(),
                Optional.empty(),
                Optional.of("CA"),
                Optional.of(new ClientPem("CERTIFICATE", "KEY")));

        RedisFiles files = RedisFiles.write(location);

        Path ca = files.settings(location).caFile().orElseThrow();
        ClientCertificate client = files.settings(location).client().orElseThrow();
        assertThat(ca).hasContent("CA");
        assertThat(client.certificate()).hasContent("CERTIFICATE");
        assertThat(client.key()).hasContent("KEY");
        assertThat(Files.getPosixFilePermissions(client.key())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        files.delete();
        assertThat(ca).doesNotExist();
        assertThat(client.certificate()).doesNotExist();
        assertThat(client.key()).doesNotExist();
    }

    @Test
    void writesNothingWhereThereAreNone() {
        var location = new RedisLocation("redis://r", Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(RedisFiles.write(location)).isEqualTo(new RedisFiles(Optional.empty(), Optional.empty()));
    }
}
