package dev.waitingroom.servlet;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The public keys of the gateway. They are fetched in the background, and kept while the gateway cannot be reached. Thread-safe. */
final class GatewayKeys implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(GatewayKeys.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration START_WAIT = Duration.ofSeconds(2);
    private static final Duration LOCK_WAIT = Duration.ofSeconds(3);
    private static final int MAX_BYTES = 64 * 1024;

    private final URI url;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(GatewayKeys::thread);
    private final JWKSource<SecurityContext> source;
    private final Future<?> retries;
    private volatile boolean loaded;

    /** Fetches the keys, and waits for them for a moment. Goes on without them if the gateway does not answer. */
    GatewayKeys(URI url, KeyTimes times) {
        this.url = url;
        ThreadFactory threads = GatewayKeys::thread;
        ExecutorService refresher = Executors.newSingleThreadExecutor(threads);
        this.source = JWKSourceBuilder.create(observed(url))
                .cache(times.lifetime().toMillis(), LOCK_WAIT.toMillis())
                .refreshAheadCache(times.ahead().toMillis(), null, refresher, true, scheduler, true)
                .rateLimited(times.interval().toMillis())
                .outageTolerantForever()
                .build();
        Future<?> first = scheduler.submit(this::load);
        this.retries = scheduler.scheduleWithFixedDelay(
                this::load, times.retry().toMillis(), times.retry().toMillis(), TimeUnit.MILLISECONDS);
        await(first);
    }

    /** Whether there are keys. They may be old. */
    boolean loaded() {
        return loaded;
    }

    JWKSource<SecurityContext> source() {
        return source;
    }

    @Override
    public void close() {
        retries.cancel(true);
        scheduler.shutdownNow();
        if (source instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private JWKSetSource<SecurityContext> observed(URI jwks) {
        int timeout = (int) TIMEOUT.toMillis();
        JWKSetSource<SecurityContext> fetched;
        try {
            fetched =
                    new URLBasedJWKSetSource<>(jwks.toURL(), new DefaultResourceRetriever(timeout, timeout, MAX_BYTES));
        } catch (MalformedURLException e) {
            throw new InvalidSettingException(WaitingRoomSettings.GATEWAY, jwks + " is not a URL");
        }
        return new JWKSetSource<>() {
            @Override
            public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
                    throws KeySourceException {
                JWKSet keys = fetched.getJWKSet(refresh, now, context);
                loaded = true;
                return keys;
            }

            @Override
            public void close() throws IOException {
                fetched.close();
            }
        };
    }

    private void load() {
        if (loaded) {
            return;
        }
        try {
            source.get(new JWKSelector(new JWKMatcher.Builder().build()), null);
        } catch (KeySourceException e) {
            LOGGER.log(
                    Level.WARNING,
                    "No keys yet from " + url + "; requests with a reservation get 503: " + e.getMessage());
        }
    }

    private static void await(Future<?> first) {
        try {
            first.get(START_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.log(Level.DEBUG, "The first fetch of the keys goes on in the background", e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "waitingroom-keys");
        thread.setDaemon(true);
        return thread;
    }
}
