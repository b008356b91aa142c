package dev.waitingroom.queue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The scripts of {@code resources/lua}, loaded once. The first line of a script or a part may name the parts that it needs
 * ({@code --# needs: clock, line}). They are put before it, each once, since a Redis script cannot load another. The part
 * {@code constants} is made by {@link ScriptConstants}.
 */
final class Scripts {
    private static final String NEEDS = "--# needs: ";

    /** The scripts as they ship. */
    static final Scripts SHIPPED = new Scripts(Map.of());

    final Script join;
    final Script admit;
    final Script leave;
    final Script beat;
    final Script tick;
    final Script snapshot;
    final Script presence;
    final Script grants;
    final Script restore;
    final Script merge;
    final Script sessions;
    final Script activeSessions;
    final Script policy;
    final Script clear;
    final Script site;
    final Script move;
    final Script devices;
    final Script figures;
    final Script gatewayRegister;
    final Script gatewayUnregister;
    final Script gatewayReport;
    final Script gatewayReports;
    final Script check;

    private final Map<String, String> replaced;

    /** @param replaced sources of parts to take in place of the shipped ones, by name: a test's clock */
    Scripts(Map<String, String> replaced) {
        this.replaced = Map.copyOf(replaced);
        join = compose("join");
        admit = compose("admit");
        leave = compose("leave");
        beat = compose("beat");
        tick = compose("tick");
        snapshot = compose("snapshot");
        presence = compose("presence");
        grants = compose("grants");
        restore = compose("restore");
        merge = compose("merge");
        sessions = compose("sessions");
        activeSessions = compose("active-sessions");
        policy = compose("policy");
        clear = compose("clear");
        site = compose("site");
        move = compose("move");
        devices = compose("devices");
        figures = compose("figures");
        gatewayRegister = compose("gateway-register");
        gatewayUnregister = compose("gateway-unregister");
        gatewayReport = compose("gateway-report");
        gatewayReports = compose("gateway-reports");
        check = compose("check");
    }

    private Script compose(String name) {
        Map<String, String> sources = new LinkedHashMap<>();
        add(name, sources);
        return Script.of(name, String.join("\n", sources.values()));
    }

    /** Adds a source behind all that it needs, unless it is there. */
    private void add(String name, Map<String, String> sources) {
        if (sources.containsKey(name)) {
            return;
        }
        String own = replaced.containsKey(name) ? replaced.get(name) : source(name);
        if (own.startsWith(NEEDS)) {
            for (String part : own.substring(NEEDS.length(), own.indexOf('\n')).split(", ", -1)) {
                add(part, sources);
            }
        }
        sources.put(name, own);
    }

    private static String source(String name) {
        return name.equals(ScriptConstants.PART) ? ScriptConstants.SOURCE : load(name);
    }

    private static String load(String name) {
        try (InputStream in = Scripts.class.getResourceAsStream("/lua/" + name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("no script lua/" + name + ".lua on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
