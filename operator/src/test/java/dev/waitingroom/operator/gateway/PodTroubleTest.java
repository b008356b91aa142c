package dev.waitingroom.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodTroubleTest {
    @Test
    void aPodThatStartsOrRunsHasNone() {
        assertThat(PodTrouble.among(List.of(
                        pod("a", "{phase: Pending, conditions: [{type: PodScheduled, status: 'True'}]}"),
                        pod(
                                "b",
                                "{phase: Pending, containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]}"),
                        pod("c", "{phase: Running, containerStatuses: [{ready: false, state: {running: {}}}]}"),
                        pod(
                                "d",
                                "{phase: Running, containerStatuses: [{ready: true, state: {running: {}}, lastState: {terminated: {exitCode: 1}}}]}"),
                        pod("e", "{phase: Failed, reason: Evicted}"))))
                .isEmpty();
    }

    @Test
    void saysThatNoNodeHasRoom() {
        assertThat(PodTrouble.among(List.of(
                        pod(
                                "a",
                                "{conditions: [{type: PodScheduled, status: 'False', message: '0/1 nodes are available: 1 Insufficient cpu.'}]}"),
                        pod("b", "{conditions: [{type: PodScheduled, status: 'False', message: same}]}"))))
                .contains(
                        new PodTrouble(
                                "PodUnschedulable",
                                "Pod a (of 2 such pods) finds no node: 0/1 nodes are available: 1 Insufficient cpu. Lower spec.resources.requests, or add nodes."));
    }

    @Test
    void givesTheLastWordsOfAProcessThatEnded() {
        assertThat(PodTrouble.among(List.of(pod("a", """
                {containerStatuses: [{ready: false, state: {waiting: {reason: CrashLoopBackOff, message: back-off 40s}},
                  lastState: {terminated: {exitCode: 2, reason: Error, message: "TRUSTED_PROXIES cannot be used: no range.\\n"}}}]}
                """))))
                .contains(new PodTrouble(
                        "PodCrashing", "Pod a ended with exit code 2: TRUSTED_PROXIES cannot be used: no range"));
    }

    @Test
    void looksBeneathAStackTrace() {
        assertThat(PodTrouble.among(List.of(pod("a", """
                {containerStatuses: [{ready: false, state: {terminated: {exitCode: 1, message:
                  "Exception in thread main\\n\\tat x.Y\\nCaused by: java.io.IOException: no space\\n\\tat z\\n\\t... 3 more"}}}]}
                """))))
                .hasValueSatisfying(
                        trouble -> assertThat(trouble.message()).endsWith("Caused by: java.io.IOException: no space"));
    }

    @Test
    void saysWhatAContainerNeedsThatCannotStart() {
        assertThat(PodTrouble.among(List.of(pod(
                        "a",
                        "{containerStatuses: [{state: {waiting: {reason: ImagePullBackOff, message: not found}}}]}"))))
                .contains(
                        new PodTrouble(
                                "ImageUnavailable",
                                "Pod a cannot start: ImagePullBackOff: not found. Correct spec.image, or have the nodes pull it."));
        assertThat(
                        PodTrouble.among(
                                List.of(
                                        pod(
                                                "a",
                                                "{containerStatuses: [{state: {waiting: {reason: CreateContainerConfigError, message: secret x not found}}}]}"))))
                .hasValueSatisfying(trouble -> {
                    assertThat(trouble.reason()).isEqualTo("PodConfigInvalid");
                    assertThat(trouble.message()).contains("secret x not found");
                });
    }

    @Test
    void saysWhichLimitToRaise() {
        assertThat(
                        PodTrouble.among(
                                List.of(
                                        pod(
                                                "a",
                                                "{containerStatuses: [{ready: false, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]}"))))
                .hasValueSatisfying(
                        trouble -> assertThat(trouble.message()).contains("raise spec.resources.limits.memory"));
    }

    @Test
    void isBoundedInLength() {
        String long_ = "x".repeat(5_000);

        assertThat(PodTrouble.among(List.of(pod(
                        "a",
                        "{containerStatuses: [{ready: false, state: {terminated: {exitCode: 1, message: " + long_
                                + "}}}]}"))))
                .hasValueSatisfying(trouble ->
                        assertThat(trouble.message()).hasSizeLessThan(500).endsWith("..."));
    }

    private static Pod pod(String name, String status) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nstatus: "
                        + status.strip().replace("\n", "\n  "),
                Pod.class);
    }
}
