package dev.waitingroom.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.queue.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = dir.resolve("keys.json");
        Files.writeString(file, "1");
    }

    @Test
    void rereadsAChangedFile() throws IOException {
        KeyFile<Integer> keys = new KeyFile<>(file, Integer::valueOf);

        Files.writeString(file, "2");
        keys.refresh();

        assertThat(keys.get()).isEqualTo(2);
    }

    @Test
    void rereadsAfterAChangeOfASymbolicLink() throws IOException {
        Path old = Files.createDirectory(dir.resolve("old"));
        Path fresh = Files.createDirectory(dir.resolve("new"));
        Files.writeString(old.resolve("k"), "1");
        Files.writeString(fresh.resolve("k"), "2");
        Path data = Files.createSymbolicLink(dir.resolve("..data"), old);
        KeyFile<Integer> keys = new KeyFile<>(data.resolve("k"), Integer::valueOf);

        Files.delete(data);
        Files.createSymbolicLink(data, fresh);
        keys.refresh();

        assertThat(keys.get()).isEqualTo(2);
    }

    @Test
    void invalidFileLeavesTheOldKeysInUse() throws IOException {
        KeyFile<Integer> keys = new KeyFile<>(file, Integer::valueOf);

        Files.writeString(file, "x");
        keys.refresh();
        assertThat(keys.get()).isEqualTo(1);
        Files.delete(file);
        keys.refresh();
        assertThat(keys.get()).isEqualTo(1);
        Files.writeString(file, "3");
        keys.refresh();

        assertThat(keys.get()).isEqualTo(3);
    }

    @Test
    void invalidFileAtTheStartIsNamed() throws IOException {
        assertThatThrownBy(() -> new KeyFile<>(dir.resolve("none"), Integer::valueOf))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("KEYS_DIR", dir.resolve("none").toString());
        Files.writeString(file, "x");
        assertThatThrownBy(() -> new KeyFile<>(file, Integer::valueOf))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("KEYS_DIR", file.toString());
    }
}
