package dev.waitingroom.e2e;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Visitors of a protected shop who ask for its page in turn until closed. Admitted ones have a session's cookie, and must get the page. Every fourth
 * request is that of an intruder: a program without a session or with a changed one, which must be told to join, or a browser, which must be sent
 * to the room's page.
 */
final class Browsing implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int INTRUDERS = 4;
    private static final String ROOM_PAGE = "/waiting/";
    private static final Duration ONE_CALL = Duration.ofSeconds(15);

    private final GatewayApi door;
    private final List<String> cookies;
    private final String page;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> intrusions = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService visitors = Executors.newScheduledThreadPool(THREADS);

    /**
     * @param cookies of sessions, as the header has them
     * @param page the body of the shop's page
     * @param perSecond fewer if answers take longer
     */
    Browsing(GatewayApi door, List<String> cookies, String page, int perSecond) {
        this.door = door;
        this.cookies = List.copyOf(cookies);
        this.page = page;
        long period = TimeUnit.SECONDS.toMicros(THREADS) / perSecond;
        for (int i = 0; i < THREADS; i++) {
            var _ = visitors.scheduleAtFixedRate(this::ask, i * period / THREADS, period, TimeUnit.MICROSECONDS);
        }
    }

    private void ask() {
        int number = turn.getAndIncrement();
        try {
            if (number % INTRUDERS == 0) {
                intrude(number / INTRUDERS);
            } else {
                browse(cookies.get(number % cookies.size()));
            }
        } catch (IOException e) {
            failures.add(number + ": " + e);
        } catch (InterruptedException e) {
            failures.add(number + ": interrupted");
            Thread.currentThread().interrupt();
        } finally {
            answered.incrementAndGet();
        }
    }

    private void browse(String cookie) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request().header("Cookie", cookie));
        if (answer.statusCode() != 200 || !answer.body().strip().equals(page)) {
            failures.add(answer.statusCode() + " " + answer.body());
        }
    }

    private void intrude(int number) throws IOException, InterruptedException {
        switch (number % 3) {
            case 0 -> mustJoin(request().header("Cookie", changed(cookies.get(number % cookies.size()))));
            case 1 -> mustJoin(request());
            default -> mustSeeTheRoom(request().setHeader("Accept", "text/html"));
        }
    }

    private static String changed(String cookie) {
        char last = cookie.charAt(cookie.length() - 2);
        return cookie.substring(0, cookie.length() - 2) + (last == 'A' ? 'B' : 'A') + "A";
    }

    private void mustJoin(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = intruding(request);
        if (answer.statusCode() != 429 || !answer.body().contains("WAITING_ROOM_REQUIRED")) {
            failures.add(answer.statusCode() + " " + answer.body());
        }
    }

    private void mustSeeTheRoom(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = intruding(request);
        String location = answer.headers().firstValue("Location").orElse("");
        int path = location.indexOf(ROOM_PAGE);
        if (answer.statusCode() != 303 || path < 0) {
            failures.add(answer.statusCode() + " to " + location + " " + answer.body());
            return;
        }
        // The API server, through which the test calls, puts its own path before that of the page.
        HttpResponse<String> room = intruding(request.uri(door.base().resolve(location.substring(path + 1))));
        if (room.statusCode() != 200 || !room.body().contains("<form")) {
            failures.add(room.statusCode() + " " + room.body());
        }
    }

    private HttpResponse<String> intruding(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request);
        if (answer.body().contains(page)) {
            intrusions.add(answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(door.base()).timeout(ONE_CALL).header("Accept", "application/json");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return door.http().send(request.build(), BodyHandlers.ofString());
    }

    /** The number of requests that have ended. */
    int answered() {
        return answered.get();
    }

    /** Requests of admitted visitors that did not get the page, and of intruders that were not told to wait. */
    List<String> failures() {
        return failures;
    }

    /** Requests of intruders that got something of the shop. */
    List<String> intrusions() {
        return intrusions;
    }

    @Override
    public void close() {
        visitors.shutdown();
        try {
            boolean _ = visitors.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            visitors.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
