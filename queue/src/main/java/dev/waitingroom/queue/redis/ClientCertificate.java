package dev.waitingroom.queue.redis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The client certificate for servers that ask for one ({@code tls-auth-clients yes}). The files are read again for each connection, so a
 * new certificate needs no restart.
 *
 * @param certificate PEM file, with the chain behind it
 * @param key PEM file of its private key, not encrypted
 */
public record ClientCertificate(Path certificate, Path key) {
    /**
     * One that settings may leave out.
     *
     * @param certificateNamed what the setting of the certificate is called
     * @param keyNamed what that of the key is called
     * @return empty where there is neither
     * @throws IllegalArgumentException where one is missing, cannot be read or does not fit the other
     */
    public static Optional<ClientCertificate> of(
            Optional<Path> certificate, Optional<Path> key, String certificateNamed, String keyNamed) {
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException((certificate.isEmpty() ? certificateNamed : keyNamed)
                    + " is missing: a certificate and its key go together");
        }
        return certificate.map(file -> {
            var given = new ClientCertificate(file, key.orElseThrow());
            try {
                ClientIdentity.read(given);
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        certificateNamed + " and " + keyNamed + " cannot be used: " + e.getMessage(), e);
            }
            return given;
        });
    }
}
