package dev.waitingroom.gateway.admission;

import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in a file that may change while the process runs. If new content is invalid, that is logged once, and the old keys stay in use.
 * Thread-safe.
 *
 * <p>Compares the content, not the time of the file: Kubernetes replaces a mounted Secret by changing a symbolic link.
 *
 * @param <T> the parsed keys
 */
public final class KeyFile<T> implements Supplier<T> {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeyFile.class);

    private final Path file;
    private final Function<String, T> parser;
    private String content;
    private String complaint = "";
    private volatile T keys;

    /** @throws SettingsException if the file cannot be read or parsed now */
    public KeyFile(Path file, Function<String, T> parser) {
        this.file = file;
        this.parser = parser;
        try {
            content = Files.readString(file);
            keys = parser.apply(content);
        } catch (IOException e) {
            throw new SettingsException("KEYS_DIR cannot be used: " + file
                    + " cannot be read. Put a JWK Set there that this user may read.");
        } catch (IllegalArgumentException e) {
            throw new SettingsException(
                    "KEYS_DIR cannot be used: in " + file + " " + e.getMessage() + ". Put a JWK Set there.");
        }
    }

    @Override
    public T get() {
        return keys;
    }

    /** Parses the file again if it has changed. */
    public synchronized void refresh() {
        try {
            String now = Files.readString(file);
            if (!now.equals(content)) {
                keys = parser.apply(now);
                content = now;
                LOGGER.atInfo().addKeyValue(LogKeys.FILE, file).log("keys replaced");
            }
            complaint = "";
        } catch (IOException e) {
            complain("it cannot be read: " + e.getMessage());
        } catch (RuntimeException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    private void complain(String why) {
        if (!why.equals(complaint)) {
            complaint = why;
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.FILE, file)
                    .addKeyValue(LogKeys.DETAIL, why)
                    .log("the new keys are invalid; the old keys stay in use");
        }
    }
}
