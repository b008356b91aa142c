package dev.waitingroom.e2e.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code make docs} has it write the files. */
class ReferenceTest {
    private static final Path DIRECTORY = Path.of("..", "docs", "reference");

    enum Page {
        CRDS,
        SETTINGS,
        METRICS;

        private Path file() {
            return DIRECTORY.resolve(name().toLowerCase(Locale.ROOT) + ".md");
        }

        private String text() {
            return switch (this) {
                case CRDS -> CrdReference.page();
                case SETTINGS -> SettingsReference.page();
                case METRICS -> MetricsReference.page();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void isWhatTheCodeSays(Page page) throws IOException {
        String text = page.text();
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(page.file(), text);
        }

        assertThat(page.file())
                .as("%s is generated from the code: run make docs", page.file())
                .exists()
                .hasContent(text);
    }
}
