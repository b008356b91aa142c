package dev.waitingroom.bench.proxy;

import dev.waitingroom.bench.gateway.LoadedGateway;
import java.time.Duration;

/** What a gateway process used for the requests that it answered at full load. */
record Used(long requests, Duration cpu, Duration time) {
    static Used by(LoadedGateway gateway, LoadClient client, Duration time) {
        Duration before = gateway.cpu();
        long requests = client.saturate(time);
        return new Used(requests, gateway.cpu().minus(before), time);
    }

    double microsEach() {
        return cpu.toNanos() / 1e3 / requests;
    }

    double perSecond() {
        return requests / (time.toNanos() / 1e9);
    }

    /** Both together. */
    Used and(Used other) {
        return new Used(requests + other.requests, cpu.plus(other.cpu), time.plus(other.time));
    }
}
