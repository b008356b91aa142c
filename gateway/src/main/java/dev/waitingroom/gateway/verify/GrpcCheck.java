package dev.waitingroom.gateway.verify;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.waitingroom.gateway.client.TrustedProxies;
import dev.waitingroom.gateway.grpc.PeerAddress;
import dev.waitingroom.gateway.http.RequestMeter;
import dev.waitingroom.gateway.http.ThrottledLogger;
import dev.waitingroom.gateway.http.TraceId;
import dev.waitingroom.gateway.http.UnexpectedFailure;
import dev.waitingroom.gateway.protect.AdmissionRequired;
import dev.waitingroom.queue.LogKeys;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code ext_authz} of Envoy over gRPC. It tells the visitor the same as {@link EnvoyDialect}. Thread-safe. */
public final class GrpcCheck extends AuthorizationGrpc.AuthorizationImplBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(GrpcCheck.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);
    private static final String ROUTE = "/" + AuthorizationGrpc.SERVICE_NAME + "/Check";
    private static final String TRACEPARENT = "traceparent";

    private final CheckRequests requests;
    private final RouteCheck check;
    private final RequestMeter meter;
    private final ThrottledLogger nameless = new ThrottledLogger(LOGGER, LOG_INTERVAL, System::nanoTime);

    /** @param proxies those that are believed about the visitor's address and scheme */
    public GrpcCheck(RouteCheck check, TrustedProxies proxies, RequestMeter meter) {
        this.requests = new CheckRequests(proxies);
        this.check = check;
        this.meter = meter;
        loadClasses();
    }

    /** Envoy waits 200 ms for its first answer, too. The messages have hundreds of classes. */
    private static void loadClasses() {
        AttributeContext.HttpRequest http = AttributeContext.HttpRequest.newBuilder()
                .putHeaders("accept", "")
                .build();
        CheckRequest example = CheckRequest.newBuilder()
                .setAttributes(AttributeContext.newBuilder()
                        .putContextExtensions(CheckRequests.ROOM, "")
                        .setRequest(AttributeContext.Request.newBuilder().setHttp(http)))
                .build();
        try {
            CheckRequest read = CheckRequest.parseFrom(example.toByteString());
            LOGGER.atTrace().addKeyValue(LogKeys.DETAIL, read).log("messages of Envoy loaded");
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void check(CheckRequest message, StreamObserver<CheckResponse> observer) {
        long started = System.nanoTime();
        ((ServerCallStreamObserver<CheckResponse>) observer).setOnCancelHandler(() -> {}); // else onNext throws
        String method = message.getAttributes().getRequest().getHttp().getMethod();
        CompletionStage<CheckResponse> answer = answer(message, method);
        answer.thenAccept(response -> {
            observer.onNext(response);
            observer.onCompleted();
            meter.record(ROUTE, method, CheckResponses.status(response), System.nanoTime() - started);
        });
    }

    private CompletionStage<CheckResponse> answer(CheckRequest message, String method) {
        try {
            Question question = requests.question(message, PeerAddress.current());
            if (question.eventId().isEmpty()) {
                nameless.atWarn()
                        .addKeyValue(
                                LogKeys.DETAIL, "set context_extensions." + CheckRequests.ROOM + " to the event id")
                        .log("Envoy names no room; nobody passes");
            }
            return check.answer(question)
                    .thenApply(outcome -> response(question, outcome))
                    .exceptionally(failure -> failed(method, failure));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(failed(method, e));
        }
    }

    private static CheckResponse failed(String method, Throwable failure) {
        String traceId = TraceId.from(null);
        UnexpectedFailure.log(method, ROUTE, traceId, failure);
        return CheckResponses.problem(UnexpectedFailure.PROBLEM, traceId);
    }

    private static CheckResponse response(Question question, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Passes passes -> CheckResponses.passes(passes);
            case Outcome.Waits waits -> refuse(question, waits.eventId());
        };
    }

    private static CheckResponse refuse(Question question, String eventId) {
        OriginalRequest original = question.original();
        return AdmissionRequired.isNavigation(original.method(), question.headers())
                ? CheckResponses.redirect(AdmissionRequired.page(eventId, original.target()))
                : CheckResponses.problem(
                        AdmissionRequired.problem(eventId),
                        TraceId.from(question.headers().get(TRACEPARENT)));
    }
}
