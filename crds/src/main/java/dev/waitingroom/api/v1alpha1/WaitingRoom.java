package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** The waiting room of an event: a line, and the rate at which it is admitted. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@ShortNames("wr")
@Categories("waitingroom") // not "all": kubectl delete all --all is a habit
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Rate", jsonPath = ".status.policy.rate", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Burst", jsonPath = ".status.policy.burst", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Waiting", jsonPath = ".status.waiting", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Admitted/s",
        jsonPath = ".status.admissionRate",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Wait(s)",
        jsonPath = ".status.estimatedWaitSeconds",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Event",
        jsonPath = ".status.eventId",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Gateway",
        jsonPath = ".status.gateway",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@ValidationRule(
        value =
                "(has(self.spec.eventId) ? self.spec.eventId : self.metadata.name) == (has(oldSelf.spec.eventId) ? oldSelf.spec.eventId : oldSelf.metadata.name)",
        message =
                "spec.eventId cannot be changed (unset, it is the object's name): visitors hold tickets for it; make a new WaitingRoom",
        fieldPath = ".spec.eventId")
@ValidationRule(
        value = "has(self.spec.eventId) || size(self.metadata.name) <= 128",
        message = "spec.eventId must be set where the object's name is longer than 128 characters",
        fieldPath = ".spec.eventId")
@JsonClassDescription(
        "A waiting room: visitors of an event join its line, watch their position, and are admitted at its rate. The operator writes the policy to Redis, where gateway pods read it. A change is in force within 2 s, and visitors keep their places.")
public final class WaitingRoom extends CustomResource<WaitingRoomSpec, WaitingRoomStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected @Nullable WaitingRoomSpec initSpec() {
        return null; // no default: only a user knows the rate
    }

    @Override
    protected @Nullable WaitingRoomStatus initStatus() {
        return null; // as in the API: patches contain the difference
    }

    /** The status; {@link WaitingRoomStatus#NONE} if there is none yet. */
    public WaitingRoomStatus statusOrNone() {
        WaitingRoomStatus there = getStatus();
        return there == null ? WaitingRoomStatus.NONE : there;
    }

    /** The event that visitors name. */
    public String eventId() {
        String named = getSpec().eventId();
        return named == null ? getMetadata().getName() : named;
    }
}
