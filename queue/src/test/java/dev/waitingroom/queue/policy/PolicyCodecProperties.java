package dev.waitingroom.queue.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PolicyCodecProperties {
    @Property(tries = 500)
    void everyPolicyIsReadAsItWasWritten(@ForAll("policies") Policy policy) {
        assertThat(PolicyCodec.decode(PolicyCodec.encode(policy))).isEqualTo(policy);
    }

    @Property(tries = 100)
    void fieldThatIsMissingIsNamed(@ForAll("policies") Policy policy) {
        Map<String, String> fields = PolicyCodec.encode(policy);

        for (String field : fields.keySet()) {
            Map<String, String> fewer = new HashMap<>(fields);
            fewer.remove(field);
            if (field.equals("maxLength")) {
                assertThat(PolicyCodec.decode(fewer).maxLength()).isEmpty();
            } else {
                assertThatThrownBy(() -> PolicyCodec.decode(fewer))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("policy field " + field + " is missing");
            }
        }
    }

    /** 2^32 + 1 would be 1 where the upper half is cut off. */
    @Property(tries = 100)
    void valueThatMakesNoSenseIsNamed(
            @ForAll("policies") Policy policy, @ForAll("numbers") String field, @ForAll("nonsense") String value) {
        Map<String, String> fields = new HashMap<>(PolicyCodec.encode(policy));
        fields.put(field, value);

        assertThatThrownBy(() -> PolicyCodec.decode(fields))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .containsIgnoringCase(field.replace("Seconds", ""))
                .contains(value);
    }

    @Example
    void modeIsSpelledAsInTheSpec() {
        Map<String, String> fields = new HashMap<>(PolicyCodec.encode(policies().sample()));
        for (Mode mode : Mode.values()) {
            fields.put("mode", mode.name());
            assertThatThrownBy(() -> PolicyCodec.decode(fields)).hasMessageContaining("mode is \"" + mode.name());
        }
        fields.put("mode", "Hold");

        assertThat(PolicyCodec.decode(fields).mode()).isEqualTo(Mode.HOLD);
    }

    @Provide
    Arbitrary<String> numbers() {
        return Arbitraries.of(
                "incarnation",
                "generation",
                "rate",
                "periodSeconds",
                "burst",
                "ttlSeconds",
                "turnTtlSeconds",
                "maxLength",
                "reservationTtlSeconds");
    }

    @Provide
    Arbitrary<String> nonsense() {
        return Arbitraries.of("", "-1", "1.5", "many", "9007199254740992", " 7", "99999999999999999999")
                .edgeCases(edges -> edges.includeOnly("-1"));
    }

    @Provide
    Arbitrary<Policy> policies() {
        Arbitrary<Long> counter = Arbitraries.longs().between(0, (1L << 53) - 1);
        Arbitrary<Duration> ttl = Arbitraries.integers().between(5, 86_400).map(Duration::ofSeconds);
        return Builders.withBuilder(Parts::new)
                .use(Arbitraries.strings().ofMinLength(1).ofMaxLength(128))
                .inSetter((parts, value) -> parts.eventId = value)
                .use(counter)
                .inSetter((parts, value) -> parts.incarnation = value)
                .use(counter)
                .inSetter((parts, value) -> parts.generation = value)
                .use(Arbitraries.of(Mode.class))
                .inSetter((parts, value) -> parts.mode = value)
                .use(Arbitraries.integers().between(1, 1_000_000))
                .inSetter((parts, value) -> parts.rate = value)
                .use(Arbitraries.integers().between(1, 3_600).map(Duration::ofSeconds))
                .inSetter((parts, value) -> parts.period = value)
                .use(Arbitraries.integers().between(1, 10_000_000))
                .inSetter((parts, value) -> parts.burst = value)
                .use(ttl)
                .inSetter((parts, value) -> parts.ttl = value)
                .use(ttl)
                .inSetter((parts, value) -> parts.turnTtl = value)
                .use(Arbitraries.longs().between(1, 1L << 40).optional())
                .inSetter((parts, value) ->
                        parts.maxLength = value.map(OptionalLong::of).orElseGet(OptionalLong::empty))
                .use(ttl)
                .inSetter((parts, value) -> parts.reservationTtl = value)
                .use(Arbitraries.strings().ofMaxLength(200))
                .inSetter((parts, value) -> parts.message = value)
                .build(Parts::policy);
    }

    /** A policy has more parts than jqwik combines at once. */
    private static final class Parts {
        private String eventId = "";
        private long incarnation;
        private long generation;
        private Mode mode = Mode.QUEUE;
        private int rate;
        private Duration period = Duration.ZERO;
        private int burst;
        private Duration ttl = Duration.ZERO;
        private Duration turnTtl = Duration.ZERO;
        private OptionalLong maxLength = OptionalLong.empty();
        private Duration reservationTtl = Duration.ZERO;
        private String message = "";

        private Policy policy() {
            return new Policy(
                    eventId,
                    incarnation,
                    generation,
                    mode,
                    rate,
                    period,
                    burst,
                    ttl,
                    turnTtl,
                    maxLength,
                    reservationTtl,
                    message);
        }
    }
}
