package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZIP",
                "deflate, gzip",
                "br;q=1.0,gzip;q=0.8, *;q=0.1",
                "gzip ; q=0.001",
                "*",
                "identity;q=0, *"
            })
    void gzipIsTaken(String header) {
        assertThat(AcceptEncoding.takesGzip(List.of(header))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "identity",
                "br, deflate",
                "gzip;q=0",
                "gzip;q=0.0, *",
                "*;q=0",
                "gzip;q=x",
                "xgzip",
                ";",
                ",,",
                "gzip;q=NaN"
            })
    void gzipIsNotTaken(String header) {
        assertThat(AcceptEncoding.takesGzip(List.of(header))).isFalse();
    }

    @Test
    void fieldsAreOneList() {
        assertThat(AcceptEncoding.takesGzip(List.of("br", "gzip"))).isTrue();
        assertThat(AcceptEncoding.takesGzip(List.of())).isFalse();
    }
}
