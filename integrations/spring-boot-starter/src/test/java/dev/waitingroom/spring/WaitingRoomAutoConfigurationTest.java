package dev.waitingroom.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.servlet.WaitingRoomFilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

class WaitingRoomAutoConfigurationTest {
    private static final AutoConfigurations STARTER =
            AutoConfigurations.of(WaitingRoomAutoConfiguration.class, ReactiveApplicationGuard.class);

    private final WebApplicationContextRunner bare = new WebApplicationContextRunner().withConfiguration(STARTER);
    private final WebApplicationContextRunner shop = bare.withPropertyValues(
            "waitingroom.gateway=http://default-gateway",
            "waitingroom.issuer=shop/default",
            "waitingroom.room=concert");

    @Test
    void filterIsRegisteredForAllRequestsAfterThatOfForwardedHeaders() {
        shop.run(context -> {
            FilterRegistrationBean<?> filter = context.getBean(FilterRegistrationBean.class);
            assertThat(filter.getFilter()).isInstanceOf(WaitingRoomFilter.class);
            assertThat(filter.getUrlPatterns()).as("empty: all").isEmpty();
            assertThat(filter.getOrder())
                    .isGreaterThan(Ordered.HIGHEST_PRECEDENCE)
                    .isLessThan(-100);
        });
    }

    @Test
    void disabledStarterNeedsNoProperty() {
        bare.withPropertyValues("waitingroom.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
    }

    /** It must not leave the shop open. */
    @Test
    void misspelledSwitchStopsTheStart() {
        shop.withPropertyValues("waitingroom.enabled=flase")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("waitingroom.enabled"));
    }

    @Test
    void applicationWithoutServletsHasNoFilter() {
        new ApplicationContextRunner()
                .withConfiguration(STARTER)
                .run((AssertableApplicationContext context) ->
                        assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void reactiveApplicationIsNotLeftOpen() {
        var reactive = new ReactiveWebApplicationContextRunner().withConfiguration(STARTER);

        reactive.run(context -> assertThat(context).getFailure().hasStackTraceContaining("not WebFlux: remove it"));
        reactive.withPropertyValues("waitingroom.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void filterOfTheApplicationIsUsedInstead() {
        bare.withBean("own", WaitingRoomFilter.class, WaitingRoomFilter::new)
                .run((AssertableWebApplicationContext context) ->
                        assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void listsMayBeTextAsInTheEnvironment() {
        shop.withPropertyValues("waitingroom.include=/cart/*,/pay", "waitingroom.exclude=/health")
                .run(context -> {
                    WaitingRoomProperties properties = context.getBean(WaitingRoomProperties.class);
                    assertThat(properties.include()).containsExactly("/cart/*", "/pay");
                    assertThat(properties.exclude()).containsExactly("/health");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway | ''      | it is missing: name the URL of the gateway",
                "gateway | default | is not an http or https URL",
                "issuer  | ''      | it is missing: name the gateway as namespace/name",
                "room    | a/b     | is not an event id",
                "include | cart    | is not a pattern: write /cart",
                "exclude | /a/*/b  | is not a pattern"
            })
    void wrongPropertyIsNamedWithItsFix(String name, String value, String message) {
        shop.withPropertyValues("waitingroom." + name + "=" + value).run(context -> {
            Throwable failure = Objects.requireNonNull(context.getStartupFailure());
            FailureAnalysis shown = analysis(failure);
            assertThat(shown.getDescription())
                    .startsWith("The waiting room's property waitingroom." + name + ": ")
                    .contains(message);
        });
    }

    @Test
    void unknownPropertyStopsTheStart() {
        shop.withPropertyValues("waitingroom.exlude=/health")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("waitingroom.exlude"));
    }

    @Test
    void editorsKnowTheProperties() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
            String metadata = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String name : List.of("enabled", "gateway", "issuer", "room", "include", "exclude")) {
                assertThat(metadata).contains("\"waitingroom." + name + "\"");
            }
            assertThat(metadata).contains("URL of the gateway, as the shop reaches it");
        }
    }

    /** What Spring Boot prints, by the analyzers that it finds. */
    private static FailureAnalysis analysis(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, FailureHandler.handleMessage((message, cause) -> {}))
                .stream()
                .filter(InvalidPropertyFailureAnalyzer.class::isInstance)
                .map(analyzer -> Objects.requireNonNull(analyzer.analyze(failure)))
                .findFirst()
                .orElseThrow();
    }
}
