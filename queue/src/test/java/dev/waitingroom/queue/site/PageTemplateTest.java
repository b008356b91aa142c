package dev.waitingroom.queue.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTemplateTest {
    private static final String PARTS = "{{> head}}{{> room}}{{> script}}";

    @Test
    void templateWithAllPartsIsAccepted() {
        String text = "<p>{{title}}</p>{{#message}}{{message}}{{/message}}" + PARTS;

        assertThat(new PageTemplate(text).text()).isEqualTo(text);
    }

    @Test
    void partsMayStandInSections() {
        assertThat(new PageTemplate("{{#rtl}}{{> head}}{{/rtl}}{{^rtl}}{{> room}}{{/rtl}}{{> script}}").text())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{> head}}{{> room}}       | the template lacks {{> script}}, which every page needs",
                "plain text                 | the template lacks {{> head}}, which every page needs",
                "{{> head}}{{> secrets}}    | the template includes {{> secrets}}; there are head, room and script",
                "{{#languages}}{{#languages}}x{{/languages}}{{/languages}} | the template has {{#languages}} twice; once is allowed",
                "{{> ../../etc/passwd}}     | the template includes {{> ../../etc/passwd}}; there are head, room and script"
            })
    void partsAreChecked(String text, String problem) {
        assertThatThrownBy(() -> new PageTemplate(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    @ParameterizedTest
    @CsvSource({"{{#open}}", "{{/closed}}", "{{#a}}{{#b}}{{/a}}{{/b}}"})
    void brokenMustacheIsRefused(String broken) {
        assertThatThrownBy(() -> new PageTemplate(PARTS + broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the template is not valid Mustache: ");
    }

    @Test
    void largeTemplateIsRefused() {
        String fits = PARTS + "x".repeat(PageTemplate.MAX_BYTES - PARTS.length());

        assertThat(new PageTemplate(fits).text()).hasSize(1_048_576);
        assertThatThrownBy(() -> new PageTemplate(fits + "x"))
                .hasMessage("the template has 1048577 bytes; at most 1048576 are allowed");
    }
}
