package dev.waitingroom.queue.redis;

import io.lettuce.core.RedisURI;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The url of {@link RedisSettings}, taken apart.
 *
 * @param nodes one, with its Sentinels where it has some; of a Cluster, those that it names
 */
record RedisUrl(boolean cluster, List<RedisURI> nodes) {
    private static final Pattern KINDS = Pattern.compile("rediss?(-sentinel|-cluster)?://.*");
    private static final Pattern HOST = Pattern.compile("[^:,\\[\\]]+|\\[[^\\[\\]]+]");
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
        if (scheme.endsWith(SENTINEL) && url.indexOf('#') < 0) {
            throw new IllegalArgumentException("the url of Redis must end with # and the name by which its Sentinels"
                    + " know the primary, such as redis-sentinel://host:26379#mymaster");
        }
        if (!scheme.endsWith(CLUSTER)) {
            return new RedisUrl(false, List.of(uri(url)));
        }
        String each = scheme.substring(0, scheme.length() - CLUSTER.length()) + "://";
        String nodes = url.substring(authority + 3).replaceAll("/.*", "");
        return new RedisUrl(
                true,
                Arrays.stream(nodes.split(",", -1))
                        .map(node -> uri(each + node))
                        .toList());
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
