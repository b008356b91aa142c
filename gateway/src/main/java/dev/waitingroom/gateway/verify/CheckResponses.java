package dev.waitingroom.gateway.verify;

import com.google.rpc.Status;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.queue.site.BypassRules.SecretHeader;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The answers to Envoy. A refusal is {@code denied_response}: Envoy takes an error of gRPC for a failure of the check. Pure. */
final class CheckResponses {
    private static final String CACHE_CONTROL = "cache-control";
    private static final String NO_STORE = "no-store";

    private CheckResponses() {}

    /** The service does not see the secret of a bypass. */
    static CheckResponse passes(Outcome.Passes passes) {
        OkHttpResponse.Builder ok = OkHttpResponse.newBuilder();
        for (SecretHeader secret : passes.room().protection().bypass().headers()) {
            ok.addHeadersToRemove(secret.name());
        }
        passes.cookie().ifPresent(cookie -> {
            ok.addResponseHeadersToAdd(header("set-cookie", cookie, HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD));
            // A shared cache would give one visitor's session to others.
            ok.addResponseHeadersToAdd(header(CACHE_CONTROL, "private", HeaderAppendAction.ADD_IF_ABSENT));
        });
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(Code.OK.value()))
                .setOkResponse(ok)
                .build();
    }

    /** Sends a browser to another path of the same host. */
    static CheckResponse redirect(String location) {
        return denied(303, List.of(replacing("location", location), replacing(CACHE_CONTROL, NO_STORE)), "");
    }

    static CheckResponse problem(Problem problem, String traceId) {
        List<HeaderValueOption> headers = new ArrayList<>(List.of(
                replacing("content-type", Problem.MEDIA_TYPE),
                replacing("x-content-type-options", "nosniff"),
                replacing(CACHE_CONTROL, NO_STORE)));
        problem.retryAfter()
                .ifPresent(after ->
                        headers.add(replacing("retry-after", Long.toString(Problem.retryAfterSeconds(after)))));
        return denied(problem.type().status(), headers, problem.json(traceId).toString(StandardCharsets.UTF_8));
    }

    /** The HTTP status of the answer; 200 if the request may pass. */
    static int status(CheckResponse response) {
        return response.hasOkResponse()
                ? 200
                : response.getDeniedResponse().getStatus().getCodeValue();
    }

    private static CheckResponse denied(int status, List<HeaderValueOption> headers, String body) {
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(Code.PERMISSION_DENIED.value()))
                .setDeniedResponse(DeniedHttpResponse.newBuilder()
                        .setStatus(HttpStatus.newBuilder().setCodeValue(status))
                        .addAllHeaders(headers)
                        .setBody(body))
                .build();
    }

    private static HeaderValueOption replacing(String name, String value) {
        return header(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
    }

    private static HeaderValueOption header(String name, String value, HeaderAppendAction action) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .setAppendAction(action)
                .build();
    }
}
