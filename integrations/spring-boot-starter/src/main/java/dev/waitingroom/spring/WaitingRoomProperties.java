package dev.waitingroom.spring;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the filter. A property that does not exist stops the start.
 *
 * @param enabled Whether requests need a reservation.
 * @param gateway URL of the gateway, as the shop reaches it, such as http://default-gateway. Required.
 * @param issuer Namespace and name of the WaitingRoomGateway, such as shop/default. Required.
 * @param room Event id of the room, such as concert. Required.
 * @param include Paths that need a reservation: /cart for a path, /cart/* for all below it.
 * @param exclude Paths that need no reservation, although they are included.
 */
@ConfigurationProperties(prefix = WaitingRoomProperties.PREFIX, ignoreUnknownFields = false)
public record WaitingRoomProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String gateway,
        @Nullable String issuer,
        @Nullable String room,
        @DefaultValue("/*") List<String> include,
        @DefaultValue List<String> exclude) {
    static final String PREFIX = "waitingroom";

    public WaitingRoomProperties {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** The text of a setting of the filter. */
    Optional<String> setting(String name) {
        return switch (name) {
            case "gateway" -> Optional.ofNullable(gateway);
            case "issuer" -> Optional.ofNullable(issuer);
            case "room" -> Optional.ofNullable(room);
            case "include" -> Optional.of(String.join(" ", include));
            case "exclude" -> Optional.of(String.join(" ", exclude));
            default -> throw new IllegalArgumentException("the filter has a setting without a property: " + name);
        };
    }
}
