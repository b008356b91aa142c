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

/** A group of gateway pods that serves the rooms that name it. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@ShortNames("wrg")
@Categories("waitingroom") // not "all": kubectl delete all --all is a habit
@AdditionalPrinterColumn(name = "Rooms", jsonPath = ".status.rooms", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.podsReady", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Status",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Requests/s",
        jsonPath = ".status.requestsPerSecond",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Desired",
        jsonPath = ".status.desiredReplicas",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Updated",
        jsonPath = ".status.updatedReplicas",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@ValidationRule(
        value = "size(self.metadata.name) <= 55 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "the name must have at most 55 characters (lower case letters, digits, '-') and begin with a letter: its Service is called NAME-gateway")
@JsonClassDescription(
        "A group of gateway pods. It serves every WaitingRoom of its namespace that names it, and the operator scales it by their demand. `kubectl scale --replicas=N` sets spec.replicas.min: the gateway has at least N pods, for example before a sale opens, and still grows up to spec.replicas.max.")
public final class WaitingRoomGateway extends CustomResource<WaitingRoomGatewaySpec, WaitingRoomGatewayStatus>
        implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected WaitingRoomGatewaySpec initSpec() {
        return WaitingRoomGatewaySpec.DEFAULT;
    }

    @Override
    protected @Nullable WaitingRoomGatewayStatus initStatus() {
        return null; // as in the API: patches contain the difference
    }

    /** The status; {@link WaitingRoomGatewayStatus#NONE} if there is none yet. */
    public WaitingRoomGatewayStatus statusOrNone() {
        WaitingRoomGatewayStatus there = getStatus();
        return there == null ? WaitingRoomGatewayStatus.NONE : there;
    }
}
