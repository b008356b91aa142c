package dev.waitingroom.queue.site;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Site settings as they stand in Redis.
 *
 * @param version differs for different texts; it stands among the fields of the policy, so that gateways notice a change
 * @param json by {@link SiteCodec}
 */
public record SiteText(String version, String json) {
    /** The field of a policy that has the version. */
    public static final String FIELD = "site";

    private static final int VERSION_BYTES = 12;

    public static SiteText of(SiteSettings site) {
        String json = SiteCodec.encode(site);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return new SiteText(HexFormat.of().formatHex(Arrays.copyOf(hash, VERSION_BYTES)), json);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
