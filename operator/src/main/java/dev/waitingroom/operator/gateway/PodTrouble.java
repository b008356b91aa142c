package dev.waitingroom.operator.gateway;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a pod cannot run, as the scheduler, the kubelet or the process reports it.
 *
 * @param reason for a condition
 * @param message what happened, and what to do
 */
record PodTrouble(String reason, String message) {
    private static final int MAX_DETAIL = 300;

    private static final String CRASHING = "PodCrashing";
    private static final String CRASH_LOOP = "CrashLoopBackOff";

    /** The kubelet's reasons for a container that it cannot start. Other reasons, such as ContainerCreating, are temporary. */
    private static final Map<String, PodTrouble> WAITING = Map.ofEntries(
            image("ErrImagePull"),
            image("ImagePullBackOff"),
            image("ErrImageNeverPull"),
            image("InvalidImageName"),
            image("ImageInspectError"),
            image("RegistryUnavailable"),
            config("CreateContainerConfigError"),
            config("CreateContainerError"),
            config("RunContainerError"));

    private static final Set<String> GONE = Set.of("Succeeded", "Failed");

    /** The trouble of the first pod by name, among those that should run and cannot. */
    static Optional<PodTrouble> among(List<Pod> pods) {
        List<Found> all = pods.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null
                        && pod.getStatus() != null
                        && !GONE.contains(String.valueOf(pod.getStatus().getPhase())))
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .flatMap(pod -> of(pod).stream()
                        .map(trouble -> new Found(pod.getMetadata().getName(), trouble)))
                .toList();
        return all.stream().findFirst().map(first -> first.among(all.size()));
    }

    private record Found(String pod, PodTrouble trouble) {
        PodTrouble among(int count) {
            String others = count == 1 ? "" : " (of " + count + " such pods)";
            return new PodTrouble(trouble.reason, "Pod " + pod + others + " " + trouble.message);
        }
    }

    private static Optional<PodTrouble> of(Pod pod) {
        Optional<PodTrouble> unscheduled =
                Optional.ofNullable(pod.getStatus().getConditions()).orElse(List.of()).stream()
                        .filter(condition -> condition.getType().equals("PodScheduled")
                                && condition.getStatus().equals("False"))
                        .findFirst()
                        .map(PodTrouble::unscheduled);
        return unscheduled.or(
                () -> Optional.ofNullable(pod.getStatus().getContainerStatuses()).orElse(List.of()).stream()
                        .flatMap(container -> of(container).stream())
                        .findFirst());
    }

    private static PodTrouble unscheduled(PodCondition condition) {
        return new PodTrouble(
                "PodUnschedulable",
                "finds no node: " + bounded(condition.getMessage()) + ". Lower spec.resources.requests, or add nodes.");
    }

    private static Optional<PodTrouble> of(ContainerStatus container) {
        Optional<ContainerStateWaiting> waiting =
                Optional.ofNullable(container.getState()).map(ContainerState::getWaiting);
        Optional<PodTrouble> cannotStart = waiting.flatMap(state -> Optional.ofNullable(
                        WAITING.get(String.valueOf(state.getReason())))
                .map(known -> new PodTrouble(
                        known.reason,
                        "cannot start: " + state.getReason() + detail(state.getMessage()) + ". " + known.message)));
        if (cannotStart.isPresent() || Boolean.TRUE.equals(container.getReady())) {
            return cannotStart;
        }
        return lastEnd(container)
                .map(PodTrouble::crashed)
                .or(() -> waiting.filter(state -> CRASH_LOOP.equals(state.getReason()))
                        .map(state -> new PodTrouble(CRASHING, "ends again and again" + detail(state.getMessage()))));
    }

    private static Optional<ContainerStateTerminated> lastEnd(ContainerStatus container) {
        return Stream.of(container.getState(), container.getLastState())
                .flatMap(state -> Optional.ofNullable(state).map(ContainerState::getTerminated).stream())
                .filter(end -> end.getExitCode() == null || end.getExitCode() != 0)
                .findFirst();
    }

    private static PodTrouble crashed(ContainerStateTerminated end) {
        if ("OOMKilled".equals(end.getReason())) {
            return new PodTrouble(CRASHING, "used more memory than it may: raise spec.resources.limits.memory.");
        }
        return new PodTrouble(
                CRASHING, "ended with exit code " + end.getExitCode() + detail(lastWords(end.getMessage())));
    }

    /** The last line of a log that is not a frame of a stack trace. */
    private static String lastWords(@Nullable String log) {
        return Optional.ofNullable(log)
                .map(text -> text.lines()
                        .map(String::strip)
                        .filter(line ->
                                !line.isEmpty() && !line.startsWith("at ") && !line.matches("\\.\\.\\. \\d+ more"))
                        .collect(Collectors.toList()))
                .filter(lines -> !lines.isEmpty())
                .map(List::getLast)
                .orElse("");
    }

    private static String detail(@Nullable String text) {
        String bounded = bounded(text);
        return bounded.isEmpty() ? "" : ": " + bounded;
    }

    private static String bounded(@Nullable String text) {
        String line = text == null ? "" : text.strip().replaceAll("\\s+", " ").replaceFirst("\\.+$", "");
        return line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL) + "...";
    }

    private static Map.Entry<String, PodTrouble> image(String waiting) {
        return Map.entry(waiting, new PodTrouble("ImageUnavailable", "Correct spec.image, or have the nodes pull it."));
    }

    private static Map.Entry<String, PodTrouble> config(String waiting) {
        return Map.entry(
                waiting,
                new PodTrouble(
                        "PodConfigInvalid", "Create the named object, or correct the WaitingRoomGateway's spec."));
    }
}
