package dev.waitingroom.chaos.site;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import dev.waitingroom.gateway.session.SessionCodec;
import dev.waitingroom.queue.ticket.TicketCodec;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The keys of a gateway, as the operator creates them.
 *
 * @param directory where gateways read them
 * @param tickets reads tickets signed with them
 * @param sessions reads the cookies of sessions
 */
public record SiteKeys(Path directory, TicketCodec tickets, SessionCodec sessions) {
    /** Creates new keys in this directory, which is created if it is missing. */
    public static SiteKeys make(Path directory) throws IOException, JOSEException {
        Files.createDirectories(directory);
        String ticketKeys = set(new OctetSequenceKeyGenerator(256).keyID("t1").generate());
        Files.writeString(directory.resolve("ticket-keys.json"), ticketKeys);
        Files.writeString(
                directory.resolve("reservation-keys.json"),
                set(new ECKeyGenerator(Curve.P_256).keyID("r1").generate()));
        TicketKeys tickets = TicketKeys.parse(ticketKeys);
        return new SiteKeys(directory, new TicketCodec(tickets), new SessionCodec(tickets));
    }

    private static String set(JWK key) {
        return new JWKSet(key).toString(false);
    }
}
