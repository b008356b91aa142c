package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.testkit.redis.RedisTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientCertificateTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void make() throws IOException, InterruptedException {
        RedisTls.make(directory);
        Files.writeString(directory.resolve("empty"), "");
        Files.writeString(
                directory.resolve("encrypted.key"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Files.writeString(
                directory.resolve("broken.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    }

    @ParameterizedTest
    @CsvSource({
        "client.crt, client.key, RSA",
        "client.crt, pkcs1.key, RSA",
        "sec1.crt, sec1.key, EC",
        "ed25519.crt, ed25519.key, EdDSA"
    })
    void readsEveryFormOfAKey(String certificate, String key, String algorithm) throws IOException {
        ClientIdentity identity = ClientIdentity.read(of(certificate, key).orElseThrow());

        assertThat(identity.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(identity.chain()).hasSize(1);
        assertThat(identity).hasToString("ClientIdentity[CN=client]");
    }

    @ParameterizedTest
    @CsvSource({
        "empty, client.key, the certificate is empty",
        "client.key, client.key, the certificate is not X.509 in PEM",
        "client.crt, empty, the key is not a private key in PEM",
        "client.crt, encrypted.key, 'the key is encrypted: give it without a passphrase'",
        "client.crt, broken.key, 'the key cannot be read: it must be RSA, EC or Ed25519'",
        "client.crt, server.key, the key is not that of the certificate",
        "client.crt, sec1.key, the key is not that of the certificate"
    })
    void saysWhatCannotBeUsed(String certificate, String key, String why) {
        assertThatThrownBy(() -> of(certificate, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("CERT and KEY cannot be used: " + why);
    }

    @Test
    void needsBothOrNeither() {
        Optional<Path> file = Optional.of(directory.resolve("client.crt"));

        assertThat(ClientCertificate.of(Optional.empty(), Optional.empty(), "CERT", "KEY"))
                .isEmpty();
        assertThatThrownBy(() -> ClientCertificate.of(file, Optional.empty(), "CERT", "KEY"))
                .hasMessage("KEY is missing: a certificate and its key go together");
        assertThatThrownBy(() -> ClientCertificate.of(Optional.empty(), file, "CERT", "KEY"))
                .hasMessage("CERT is missing: a certificate and its key go together");
    }

    private static Optional<ClientCertificate> of(String certificate, String key) {
        return ClientCertificate.of(
                Optional.of(directory.resolve(certificate)), Optional.of(directory.resolve(key)), "CERT", "KEY");
    }
}
