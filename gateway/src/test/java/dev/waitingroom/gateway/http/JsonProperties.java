package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class JsonProperties {
    @Property(tries = 500)
    void readsWhatItWrites(@ForAll String text, @ForAll long number, @ForAll boolean flag) {
        byte[] written = new Json()
                .field("n", number)
                .field("t", text)
                .field("f", flag)
                .field("r", number, number)
                .end()
                .getBytes();

        assertThat(JsonFields.read(written, Set.of("t")).raw("t")).isEqualTo(Optional.of(text));
        assertThat(new String(written, StandardCharsets.UTF_8)).startsWith("{\"n\":" + number + ",");
    }
}
