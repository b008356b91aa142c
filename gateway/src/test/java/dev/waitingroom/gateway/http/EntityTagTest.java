package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EntityTagTest {
    private final EntityTag tag = EntityTag.of(new byte[] {1, 2});

    @Test
    void equalContentHasTheSameTag() {
        assertThat(tag).isEqualTo(EntityTag.of(new byte[] {1, 2})).isNotEqualTo(EntityTag.of(new byte[] {1, 3}));
        assertThat(tag.text()).startsWith("\"").endsWith("\"");
    }

    @Test
    void tagIsFoundInAListOfTags() {
        assertThat(tag.isIn(List.of("\"other\", " + tag.text()))).isTrue();
        assertThat(tag.isIn(List.of("\"other\"", tag.text()))).isTrue();
        assertThat(tag.isIn(List.of("\"other\""))).isFalse();
        assertThat(tag.isIn(List.of())).isFalse();
    }

    @Test
    void weakAndStrongTagsMatch() {
        EntityTag weak = EntityTag.weak("page");

        assertThat(weak.text()).startsWith("W/\"");
        assertThat(weak.isIn(List.of(weak.text().substring(2)))).isTrue();
    }
}
