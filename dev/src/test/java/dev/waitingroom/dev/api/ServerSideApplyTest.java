package dev.waitingroom.dev.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void setsWhatIsNamedAndKeepsWhatOthersWrote() {
        ObjectNode result = apply("a: 1\nlabels: {theirs: x}", "a: 2\nlabels: {mine: y}", "{}");

        assertThat(result).isEqualTo(yaml("a: 2\nlabels: {theirs: x, mine: y}"));
    }

    @Test
    void removesWhatIsNoLongerNamed() {
        ObjectNode result = apply(
                "labels: {mine: y, other: z}\nspec: {gone: 1}",
                "labels: {other: z}",
                "labels: {mine: y, other: z}\nspec: {gone: 1}");

        assertThat(result).isEqualTo(yaml("labels: {other: z}"));
    }

    @Test
    void keepsWhatAnotherManagerAppliedToo() {
        ObjectNode result = ServerSideApply.apply(
                yaml("labels: {shared: y}"),
                yaml("{}"),
                yaml("labels: {shared: y}"),
                List.of(yaml("labels: {shared: y}")));

        assertThat(result).isEqualTo(yaml("labels: {shared: y}"));
    }

    @Test
    void replacesAListAsAWhole() {
        ObjectNode result = apply("items: [1, 2, 3]", "items: [4]", "items: [1, 2, 3]");

        assertThat(result).isEqualTo(yaml("items: [4]"));
    }

    @Test
    void leavesTheObjectThatWasGivenAlone() {
        ObjectNode there = yaml("a: {b: 1}");

        ServerSideApply.apply(there, yaml("a: {b: 2}"), yaml("{}"), List.of());

        assertThat(there).isEqualTo(yaml("a: {b: 1}"));
    }

    private static ObjectNode apply(String there, String wanted, String before) {
        return ServerSideApply.apply(yaml(there), yaml(wanted), yaml(before), List.of());
    }

    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
