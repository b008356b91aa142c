package dev.waitingroom.dev.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Selects objects for a list or watch: by the value or existence of labels, and by name. Informers need no more. */
record Selector(List<String> labelTerms, Optional<String> name) {
    private static final String BY_NAME = "metadata.name=";

    /** @throws ApiException if the selector is not supported here */
    static Selector parse(Optional<String> labels, Optional<String> fields) {
        Optional<String> name = fields.map(field -> {
            if (!field.startsWith(BY_NAME)) {
                throw ApiException.badRequest("fieldSelector " + field + " is not supported");
            }
            return field.substring(BY_NAME.length());
        });
        List<String> terms = labels.stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(term -> !term.isEmpty())
                .toList();
        terms.stream().filter(term -> term.matches(".*[!( ].*")).findAny().ifPresent(term -> {
            throw ApiException.badRequest("labelSelector " + term + " is not supported");
        });
        return new Selector(terms, name);
    }

    boolean matches(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        if (name.isPresent() && !metadata.path("name").asText().equals(name.get())) {
            return false;
        }
        JsonNode labels = metadata.path("labels");
        return labelTerms.stream().allMatch(term -> {
            String[] sides = term.split("==?", 2);
            JsonNode value = labels.path(sides[0]);
            return sides.length == 1
                    ? !value.isMissingNode()
                    : value.asText().equals(sides[1]) && !value.isMissingNode();
        });
    }
}
