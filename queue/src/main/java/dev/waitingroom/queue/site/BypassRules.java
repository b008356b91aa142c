package dev.waitingroom.queue.site;

import java.util.List;
import java.util.Optional;

/**
 * Who enters without waiting.
 *
 * @param headers requests with one of these
 * @param ipRanges clients from these addresses and CIDR ranges
 * @param links signs links whose visitors enter; empty if there are none
 */
public record BypassRules(List<SecretHeader> headers, List<IpRange> ipRanges, Optional<LinkKey> links) {
    /** Nobody. */
    public static final BypassRules NOBODY = new BypassRules(List.of(), List.of(), Optional.empty());

    public BypassRules {
        headers = List.copyOf(headers);
        ipRanges = List.copyOf(ipRanges);
    }

    /** A header with a value that few know. */
    public record SecretHeader(String name, String value) {}
}
