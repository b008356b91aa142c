package dev.waitingroom.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.site.PageColours;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.PageTemplate;
import dev.waitingroom.testkit.browser.BrowserExtension;
import dev.waitingroom.testkit.browser.Tab;
import dev.waitingroom.testkit.network.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page in Chromium, with a room that the test moves. */
class PageBrowserIT {
    private static final Unavailability DOWN =
            new Unavailability(Unavailability.Cause.REDIS_UNREACHABLE, "no answer", Duration.ofMillis(100));

    @RegisterExtension
    static final BrowserExtension BROWSER = new BrowserExtension();

    private final TestGateway gateway = TestGateway.now();
    private final FakeRoom room = gateway.registry.add("evt");
    private final Tab tab = BROWSER.visitor();
    private final String page = "http://127.0.0.1:" + gateway.publicPort() + "/waiting/evt?return=/version";

    PageBrowserIT() {
        room.told = status -> new TicketStatus(
                status.state(),
                status.position(),
                status.eta(),
                status.waited(),
                status.ready(),
                status.onHold(),
                Duration.ofMillis(200),
                Instant.now());
    }

    @AfterEach
    void close() {
        tab.close();
        gateway.close();
    }

    private void turnComes() {
        room.status = new TicketStatus(
                TicketStatus.State.WAITING,
                1,
                Optional.empty(),
                Duration.ofSeconds(9),
                true,
                false,
                Duration.ofMillis(200),
                FakeRoom.NOW);
    }

    private void shows(Tab at, String position) {
        at.await("document.getElementById('wr-position').textContent === '" + position + "'");
    }

    @Test
    void visitorJoinsWaitsAndIsIn() {
        tab.go(page);
        tab.awaitState("waiting");
        shows(tab, "42");

        room.status = FakeRoom.waiting(7);
        shows(tab, "7");
        assertThat(tab.text("document.title")).isEqualTo("(7) You are in line");

        turnComes();
        tab.await("location.pathname === '/version'");
        assertThat(tab.text("document.cookie"))
                .as("cookies that scripts can read")
                .isEmpty();
    }

    @Test
    void visitorWithNobodyAheadIsInAtOnce() {
        room.joins = FakeRoom.done(new JoinOutcome.Admitted(
                FakeRoom.ticket("evt"), new AdmitOutcome.Granted(Instant.now(), Duration.ofMinutes(2))));

        tab.go(page);

        tab.await("location.pathname === '/version'");
    }

    @Test
    void reloadAndAClosedTabLoseNothing() {
        tab.go(page);
        tab.awaitState("waiting");
        tab.reload();
        tab.awaitState("waiting");
        try (Tab later = tab.another()) {
            later.go(page);
            later.awaitState("waiting");
        }

        assertThat(room.keys).as("joins").hasSize(1);
    }

    @Test
    void twoTabsShareOnePlace() {
        tab.go(page);
        try (Tab second = tab.another()) {
            second.go(page);
            second.awaitState("waiting");
            tab.awaitState("waiting");

            room.status = FakeRoom.waiting(5);
            shows(second, "5");
            shows(tab, "5");
        }
        assertThat(room.keys).as("joins").hasSize(1);
    }

    @Test
    void withoutScriptTheFormIsEnough() {
        tab.scripts(false);
        tab.go(page);
        tab.press("Tab", 9);
        tab.press("Enter", 13);
        tab.await("document.querySelector('#wr')?.dataset.state === 'waiting'");

        turnComes();
        tab.await("document.querySelector('#wr')?.dataset.state === 'ready'"); // by the refresh
        tab.press("Tab", 9);
        tab.press("Enter", 13);
        tab.await("location.pathname === '/version'");
    }

    @Test
    void offlineKeepsThePlaceAndComesBack() {
        // Chromium's own switch leaves an open stream alone, so the connections are cut as well.
        try (Proxy network = new Proxy(gateway.publicPort())) {
            tab.go("http://127.0.0.1:" + network.port() + "/waiting/evt");
            tab.awaitState("waiting");

            tab.offline(true);
            network.mode(new Proxy.Mode.Refused());
            tab.awaitState("offline");
            assertThat(tab.text("document.getElementById('wr-position').textContent"))
                    .isEqualTo("42");
            assertThat(tab.text("document.getElementById('wr-eta').textContent"))
                    .isEqualTo("No estimate right now");

            room.status = FakeRoom.waiting(3);
            network.heal();
            tab.offline(false);
            tab.awaitState("waiting");
            shows(tab, "3");
        }
    }

    @Test
    void redisAwayIsSaidAndNothingIsLost() {
        tab.go(page);
        tab.awaitState("waiting");
        UnaryOperator<TicketStatus> told = room.told;
        Instant gone = Instant.now();
        room.told = status -> new TicketStatus(
                status.state(),
                status.position(),
                status.eta(),
                status.waited(),
                false,
                false,
                Duration.ofMillis(200),
                gone);
        tab.awaitState("away");
        assertThat(tab.text("document.getElementById('wr-text').textContent")).startsWith("Your place is kept.");

        room.told = told;
        tab.awaitState("waiting");
    }

    @Test
    void turnDuringAnOutageIsTakenWhenItEnds() {
        room.admits = FakeRoom.done(new AdmitOutcome.Unavailable(DOWN));
        tab.go(page);
        tab.awaitState("waiting");
        turnComes();
        tab.await("document.getElementById('wr-live').textContent.length > 0");

        room.admits = FakeRoom.done(new AdmitOutcome.Granted(Instant.now(), Duration.ofMinutes(2)));

        tab.await("location.pathname === '/version'");
    }

    @Test
    void visitorWhoWantsToClickIsNotTakenIn() {
        tab.go(page);
        tab.awaitState("waiting");
        tab.click("#wr-auto");
        turnComes();
        tab.awaitState("ready");
        tab.await("/^Your turn stays good for 1[45] minutes$/.test(document.getElementById('wr-turn').textContent)");
        assertThat(tab.text("document.title")).isEqualTo("● It is your turn");

        tab.click("#wr-button");

        tab.await("location.pathname === '/version'");
    }

    @Test
    void lostPlaceBeginsAgain() {
        tab.go(page);
        tab.awaitState("waiting");
        UnaryOperator<TicketStatus> told = room.told;
        room.told = status -> told.apply(room.keys.size() > 1 ? status : FakeRoom.gone(TicketStatus.State.EXPIRED));
        tab.awaitState("lost");

        tab.click("#wr-button");
        tab.awaitState("waiting");

        assertThat(room.keys).as("joins").hasSize(2);
    }

    @Test
    void leaveIsAButtonAndTheOtherTabSeesIt() {
        tab.go(page);
        tab.awaitState("waiting");
        try (Tab second = tab.another()) {
            second.go(page);
            second.awaitState("waiting");
            second.click("#wr-leave summary");
            second.click("#wr-leave-form button");
            second.awaitState("left");
        }
        tab.awaitState("left");
    }

    @Test
    void fullRoomTriesAgainByItself() {
        room.joins = FakeRoom.done(new JoinOutcome.Unavailable(DOWN));
        tab.go(page);
        tab.awaitState("busy");

        room.joins = FakeRoom.done(new JoinOutcome.Joined(FakeRoom.ticket("evt"), FakeRoom.waiting(42)));

        tab.awaitState("waiting");
    }

    @Test
    void scriptWritesFiguresAsTheServerDoes() {
        for (String language : Languages.TAGS) {
            String path = "/waiting/evt?preview=waiting&lang=" + language;
            String html = gateway.admin(path).body();

            tab.go("http://127.0.0.1:" + gateway.adminPort() + path);

            for (String figure : new String[] {"position", "ahead", "eta"}) {
                assertThat(html)
                        .contains("<dd id=\"wr-" + figure + "\">"
                                + tab.text("document.getElementById('wr-" + figure + "').textContent") + "</dd>");
            }
        }
    }

    private void template(String text) {
        gateway.pageSettings = new PageSettings(
                "Concert", "", PageColours.DEFAULT, Optional.empty(), Optional.of(new PageTemplate(text)));
    }

    @Test
    void ownTemplateWorksAsTheBuiltInPageDoes() {
        template("<!doctype html><html lang=\"{{lang}}\"><head>{{> head}}"
                + "<style nonce=\"{{nonce}}\">.shop { color: rgb(1, 2, 3) }</style></head>"
                + "<body><div class=\"shop\">My shop</div>{{> room}}{{> script}}</body></html>");
        tab.go(page);
        tab.awaitState("waiting");
        shows(tab, "42");
        assertThat(tab.text("getComputedStyle(document.querySelector('.shop')).color"))
                .isEqualTo("rgb(1, 2, 3)");

        turnComes();
        tab.await("location.pathname === '/version'");
    }

    @Test
    void brokenTemplateGivesWayToTheBuiltInPage() {
        template("<div class=\"shop\">My shop</div>{{> head}}{{> room}}{{> script}}{{no such thing}}");
        tab.go(page);
        tab.awaitState("waiting");
        assertThat(tab.text("document.querySelectorAll('.shop').length")).isEqualTo("0");

        turnComes();
        tab.await("location.pathname === '/version'");
    }

    @Test
    void visitorWithAnArabicPhoneIsIn() {
        tab.size(360, 740, 2, true);
        tab.go(page + "&lang=ar");
        tab.awaitState("waiting");
        shows(tab, "٤٢");
        assertThat(tab.text("getComputedStyle(document.body).direction")).isEqualTo("rtl");
        assertThat(tab.text("document.documentElement.scrollWidth")).isEqualTo("360");
        tab.click("#wr-auto");
        turnComes();
        tab.awaitState("ready");

        tab.click("#wr-button");

        tab.await("location.pathname === '/version'");
    }

    @Test
    void visitorWhoIsSentBackIsNotSentInCircles() {
        String circle = page.replace("/version", "/waiting/evt");
        room.joins = FakeRoom.done(new JoinOutcome.Admitted(
                FakeRoom.ticket("evt"), new AdmitOutcome.Granted(Instant.now(), Duration.ofMinutes(2))));
        room.status = FakeRoom.gone(TicketStatus.State.ADMITTED);

        tab.go(circle);

        tab.await("!location.search && document.getElementById('wr')?.dataset.state === 'ready'");
        assertThat(room.keys).as("joins").hasSize(1);
        assertThat(room.waits).as("admits").isEmpty();
    }
}
