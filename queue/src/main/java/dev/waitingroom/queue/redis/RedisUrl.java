package dev.waitingroom.queue.redis;

import io.lettuce.core.RedisURI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The url of {@link RedisSettings}, taken apart.
 *
 * @param nodes one, with its Sentinels where it has some; of a Cluster, those that it names
 */
record RedisUrl(boolean cluster, List<RedisURI> nodes) {
    private static final Pattern KINDS = Pattern.compile("rediss?(-sentinel|-cluster)?://.*");
    private static final Pattern HOST = Pattern.compile("[^:,\\[\\]]+|\\[[^\\[\\]]+]");

    /** Of {@code user:password@host,host/0?options}; a Cluster has no database but 0. */
    private static final Pattern CLUSTER_PARTS =
            Pattern.compile("(?<login>([^/?#]*@)?)(?<hosts>[^/?#@]*)(/[^?#]*)?(?<options>([?][^#]*)?)(#.*)?");

    private static final String VERIFY_PEER = "verifyPeer";
    private static final Set<String> VERIFY_MODES = Set.of("FULL", "CA", "NONE");

    /** Lettuce's, in lower case; it has a time limit too, which is ours to set, and names of a library, which are not sent. */
    private static final Set<String> OPTIONS = Set.of(
            "verifypeer",
            "clientname",
            "database",
            "db",
            "timeout",
            "libraryname",
            "libraryversion",
            "sentinelmasterid");

    private static final String SENTINEL = "-sentinel";
    private static final String CLUSTER = "-cluster";

    /** @throws IllegalArgumentException that says what it must be like, not what it is, since there may be a password in it */
    static RedisUrl parse(String url) {
        if (!KINDS.matcher(url).matches()) {
            throw new IllegalArgumentException(
                    "the url of Redis must begin with redis://, redis-sentinel:// or redis-cluster://,"
                            + " with TLS rediss in place of redis");
        }
        int authority = url.indexOf("://");
        String scheme = url.substring(0, authority);
        checkOptions(url);
        if (scheme.endsWith(SENTINEL) && url.indexOf('#') < 0) {
            throw new IllegalArgumentException("the url of Redis must end with # and the name by which its Sentinels"
                    + " know the primary, such as redis-sentinel://host:26379#mymaster");
        }
        if (!scheme.endsWith(CLUSTER)) {
            return new RedisUrl(false, List.of(uri(url)));
        }
        Matcher parts = CLUSTER_PARTS.matcher(url.substring(authority + 3));
        if (!parts.matches()) {
            throw notUnderstood();
        }
        // What stands before and after the hosts is said of each of them: otherwise one alone would have it.
        String before = scheme.substring(0, scheme.length() - CLUSTER.length()) + "://" + parts.group("login");
        return new RedisUrl(
                true,
                Arrays.stream(parts.group("hosts").split(",", -1))
                        .map(host -> uri(before + host + parts.group("options")))
                        .toList());
    }

    /** A misspelt option would be ignored, and that of TLS is one that must not be. */
    private static void checkOptions(String url) {
        int fragment = url.indexOf('#');
        if (fragment >= 0 && url.indexOf('?', fragment) > 0) {
            throw new IllegalArgumentException("the options in the url of Redis must stand before #, such as"
                    + " rediss-sentinel://host:26379?verifyPeer=CA#mymaster");
        }
        int query = url.indexOf('?');
        if (query < 0) {
            return;
        }
        for (String option :
                url.substring(query + 1, fragment < 0 ? url.length() : fragment).split("&", -1)) {
            String[] nameAndValue = option.split("=", 2);
            if (!OPTIONS.contains(nameAndValue[0].toLowerCase(Locale.ROOT)) || nameAndValue.length < 2) {
                throw new IllegalArgumentException(
                        "an option in the url of Redis is not known: there are verifyPeer=FULL,"
                                + " verifyPeer=CA, verifyPeer=NONE, clientName=NAME and database=NUMBER");
            }
            if (nameAndValue[0].equalsIgnoreCase(VERIFY_PEER)
                    && !VERIFY_MODES.contains(nameAndValue[1].toUpperCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "verifyPeer in the url of Redis must be FULL (certificate and host name),"
                                + " CA (certificate alone) or NONE");
            }
        }
    }

    private static RedisURI uri(String url) {
        RedisURI uri;
        try {
            uri = RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            throw notUnderstood();
        }
        // Where Java's URI cannot tell host and port apart, Lettuce takes both for the host.
        if (uri.getSentinels().isEmpty() && !HOST.matcher(uri.getHost()).matches()) {
            throw notUnderstood();
        }
        return uri;
    }

    private static IllegalArgumentException notUnderstood() {
        return new IllegalArgumentException("the url of Redis is not understood: it must be like redis://host:6379/0,"
                + " redis-sentinel://host:26379,host:26379/0#mymaster or redis-cluster://host:6379,host:6379,"
                + " a host of letters, digits, hyphens and dots, a port of at most 65535");
    }
}
