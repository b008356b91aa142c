package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrantRateTest {
    private static final long SECOND = 1_000_000;

    private final GrantRate rate = new GrantRate(10 * SECOND);

    @Test
    void isZeroUntilThereAreTwoLooks() {
        assertThat(rate.perSecond()).isZero();

        rate.observe(SECOND, 5_000);

        assertThat(rate.perSecond()).isZero();
    }

    @Test
    void isThatOfTheWindow() {
        for (int second = 0; second <= 60; second++) {
            rate.observe(second * SECOND, second < 30 ? second * 100L : 3_000 + (second - 30) * 7L);
        }

        assertThat(rate.perSecond()).isEqualTo(7);
    }

    @Test
    void looksFarApartStillGiveARate() {
        rate.observe(0, 0);
        rate.observe(3_600 * SECOND, 36_000);

        assertThat(rate.perSecond()).isEqualTo(10);
    }

    @Test
    void beginsAnewWithAnotherLine() {
        rate.observe(0, 1_000);
        rate.observe(SECOND, 1_100);

        rate.observe(2 * SECOND, 3);

        assertThat(rate.perSecond()).isZero();
        rate.observe(3 * SECOND, 8);
        assertThat(rate.perSecond()).isEqualTo(5);
    }
}
