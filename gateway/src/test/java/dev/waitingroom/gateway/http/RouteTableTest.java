package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private static final Endpoint NONE = x -> {};

    private final RouteTable routes = new RouteTable(List.of(
            Route.get("/version", NONE),
            Route.getOrPost("/waiting/{event_id}", NONE, NONE),
            Route.get("/waiting/{event_id}/logo", NONE),
            Route.tree("/verify/{event_id}", NONE)));

    private String found(String path) {
        RouteTable.Match match = Objects.requireNonNull(routes.find(path));
        return match.route().path() + " " + match.variable();
    }

    @Test
    void fixedPathHasNoVariable() {
        assertThat(found("/version")).isEqualTo("/version ");
        assertThat(found("/version/")).isEqualTo("/version ");
    }

    @Test
    void segmentOfATemplateIsTheVariable() {
        assertThat(found("/waiting/evt")).isEqualTo("/waiting/{event_id} evt");
        assertThat(found("/waiting/evt/")).isEqualTo("/waiting/{event_id} evt");
        assertThat(found("/waiting/evt/logo")).isEqualTo("/waiting/{event_id}/logo evt");
    }

    @Test
    void treeHasAllPathsBelow() {
        assertThat(found("/verify/evt")).isEqualTo("/verify/{event_id} evt");
        assertThat(below("/verify/evt")).isEmpty();
        assertThat(below("/verify/evt/")).isEqualTo("/");
        assertThat(below("/verify/evt//a/../b/")).isEqualTo("//a/../b/");
        assertThat(routes.find("/verify")).isNull();
        assertThat(routes.find("/verify/")).isNull();
        assertThat(routes.find("/verify//a")).isNull();
    }

    private String below(String path) {
        return Objects.requireNonNull(routes.find(path)).below();
    }

    @Test
    void variableStaysAsTheClientSentIt() {
        assertThat(found("/waiting/%2e%2e")).isEqualTo("/waiting/{event_id} %2e%2e");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/waiting",
                "/waiting/",
                "/waiting//logo",
                "/waiting/evt/x/logo",
                "/waiting/a/b",
                "/x/waiting/evt",
                ""
            })
    void otherPathsHaveNoRoute(String path) {
        assertThat(routes.find(path)).isNull();
    }

    @Test
    void methodsAreThoseOfAllRoutes() {
        assertThat(routes.methods().split(", ")).containsExactlyInAnyOrder("GET", "HEAD", "POST", "OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a{b}", "/{a}/{b}", "/{a", "/a}{"})
    void otherTemplatesAreRefused(String path) {
        assertThatThrownBy(() -> new RouteTable(List.of(Route.get(path, NONE))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path);
    }
}
