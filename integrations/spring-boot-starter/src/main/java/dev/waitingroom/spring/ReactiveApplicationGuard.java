package dev.waitingroom.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;

/** Stops the start of a WebFlux application: it has no servlets, so that the filter would leave it open. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnProperty(prefix = WaitingRoomProperties.PREFIX, name = "enabled", matchIfMissing = true)
public class ReactiveApplicationGuard {
    ReactiveApplicationGuard() {
        throw new IllegalStateException(
                "the waiting room's starter protects servlet applications, not WebFlux: remove it and check"
                        + " reservations with a JWT library, or set waitingroom.enabled to false");
    }
}
