package dev.waitingroom.dev.screen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The printer columns of a kind, as in the table of {@code kubectl get}. */
public final class Columns {
    private static final Configuration JSON = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider())
            .mappingProvider(new JacksonMappingProvider())
            .options(Option.ALWAYS_RETURN_LIST, Option.SUPPRESS_EXCEPTIONS)
            .build();
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String GAP = "   ";
    private static final String DATE = "date";

    private final List<CustomResourceColumnDefinition> columns;
    private final List<JsonPath> paths;

    /** @param ages whether to include columns that change with time alone */
    public Columns(CustomResourceDefinition definition, boolean ages) {
        columns = definition.getSpec().getVersions().getFirst().getAdditionalPrinterColumns().stream()
                .filter(column -> column.getPriority() == null || column.getPriority() == 0)
                .filter(column -> ages || !column.getType().equals(DATE))
                .toList();
        paths = columns.stream()
                .map(column -> JsonPath.compile("$" + column.getJsonPath()))
                .toList();
    }

    /**
     * The table.
     *
     * @param objects of the kind, as JSON
     * @param now the end of the ages
     * @return a header, and a line for each object
     */
    public List<String> table(List<?> objects, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(
                        Stream.of("NAME"),
                        columns.stream().map(column -> column.getName().toUpperCase(Locale.ROOT)))
                .toList());
        for (Object object : objects) {
            rows.add(row(MAPPER.valueToTree(object), now));
        }
        return aligned(rows);
    }

    private List<String> row(JsonNode object, Instant now) {
        var cells = new ArrayList<String>();
        cells.add(object.at("/metadata/name").asText());
        for (int i = 0; i < columns.size(); i++) {
            JsonNode found = paths.get(i).read(object, JSON);
            String text = found.isEmpty() ? "" : found.get(0).asText();
            boolean isAge = columns.get(i).getType().equals(DATE) && !text.isEmpty();
            cells.add(isAge ? HumanAge.of(Duration.between(Instant.parse(text), now)) : text);
        }
        return cells;
    }

    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream()
                .map(row -> {
                    var line = new StringBuilder();
                    for (int i = 0; i < widths.length; i++) {
                        line.append(row.get(i))
                                .append(" ".repeat(widths[i] - row.get(i).length()))
                                .append(GAP);
                    }
                    return line.toString().stripTrailing();
                })
                .toList();
    }
}
