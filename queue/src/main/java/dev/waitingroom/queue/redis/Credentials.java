package dev.waitingroom.queue.redis;

import java.util.Optional;

/**
 * Credentials for a server.
 *
 * @param username ACL user; empty for the default one, as with {@code requirepass}
 */
public record Credentials(Optional<String> username, String password) {
    /**
     * Those that settings may leave out.
     *
     * @param named what the setting of the password is called
     * @return empty where there is neither
     * @throws IllegalArgumentException where there is a user without a password
     */
    public static Optional<Credentials> of(Optional<String> username, Optional<String> password, String named) {
        if (username.isPresent() && password.isEmpty()) {
            throw new IllegalArgumentException(named + " is missing, the password of user " + username.get());
        }
        return password.map(given -> new Credentials(username, given));
    }

    @Override
    public String toString() {
        return "Credentials[" + username.orElse("default user") + "]";
    }
}
