package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a condition is true. */
public enum ConditionStatus {
    @JsonProperty("True")
    TRUE,
    @JsonProperty("False")
    FALSE,
    @JsonProperty("Unknown")
    UNKNOWN
}
