package dev.waitingroom.servlet;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What the filter needs to know.
 *
 * @param gateway the base URL of the gateway, as the shop reaches it
 * @param issuer the {@code iss} of reservations: namespace and name of the gateway
 * @param room the event id of the room
 * @param paths which paths need a reservation
 */
public record WaitingRoomSettings(URI gateway, String issuer, String room, PathRules paths) {
    static final String GATEWAY = "gateway";
    static final String ISSUER = "issuer";
    static final String ROOM = "room";
    static final String INCLUDE = "include";
    static final String EXCLUDE = "exclude";
    static final List<String> NAMES = List.of(GATEWAY, ISSUER, ROOM, INCLUDE, EXCLUDE);

    private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
    private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");

    /**
     * Reads settings as text.
     *
     * @param value the value of a setting's name
     * @throws InvalidSettingException if one is missing or wrong
     */
    public static WaitingRoomSettings read(Function<String, Optional<String>> value) {
        Function<String, Optional<String>> given =
                name -> value.apply(name).map(String::strip).filter(text -> !text.isEmpty());
        return new WaitingRoomSettings(
                gateway(required(given, GATEWAY, "name the URL of the gateway, such as http://default-gateway")),
                required(given, ISSUER, "name the gateway as namespace/name, such as shop/default"),
                room(required(given, ROOM, "name the event id of the room, such as concert")),
                new PathRules(
                        patterns(INCLUDE, given.apply(INCLUDE).orElse("/*")),
                        patterns(EXCLUDE, given.apply(EXCLUDE).orElse(""))));
    }

    /** Where the public keys are. */
    URI jwks() {
        String base = gateway.toString();
        return URI.create(
                (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/.well-known/jwks.json");
    }

    private static String required(Function<String, Optional<String>> given, String name, String fix) {
        return given.apply(name).orElseThrow(() -> new InvalidSettingException(name, "it is missing: " + fix));
    }

    private static URI gateway(String text) {
        String fix = "'" + text + "' is not an http or https URL without a query; write it like http://default-gateway";
        try {
            URI uri = URI.create(text);
            String scheme = uri.getScheme();
            boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
            if (!http || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new InvalidSettingException(GATEWAY, fix);
            }
            return uri;
        } catch (InvalidSettingException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(GATEWAY, fix);
        }
    }

    private static String room(String text) {
        if (!EVENT_ID.matcher(text).matches()) {
            throw new InvalidSettingException(
                    ROOM, "'" + text + "' is not an event id: use 1 to 128 of A-Z, a-z, 0-9 and . _ ~ -");
        }
        return text;
    }

    private static List<String> patterns(String name, String text) {
        List<String> patterns = Arrays.stream(SEPARATORS.split(text))
                .filter(part -> !part.isEmpty())
                .toList();
        for (String pattern : patterns) {
            if (!PathRules.isPattern(pattern)) {
                throw new InvalidSettingException(
                        name,
                        "'" + pattern + "' is not a pattern: write /cart for a path, or /cart/* for all below it");
            }
        }
        return patterns;
    }
}
