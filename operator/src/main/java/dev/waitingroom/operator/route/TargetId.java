package dev.waitingroom.operator.route;

import dev.waitingroom.api.v1alpha1.AncestorStatus.AncestorRef;
import dev.waitingroom.api.v1alpha1.TargetRef;
import java.util.Arrays;
import java.util.Optional;

/** A target of {@code spec.protect.targetRefs}. */
record TargetId(ApiKind kind, String namespace, String name) {
    /** @param roomNamespace the namespace of a reference that names none */
    static TargetId of(TargetRef reference, String roomNamespace) {
        ApiKind kind = switch (reference.kind()) {
            case HTTP_ROUTE -> ApiKind.HTTP_ROUTE;
            case GATEWAY -> ApiKind.GATEWAY;
            case INGRESS -> ApiKind.INGRESS;
        };
        String namespace = reference.namespace();
        return new TargetId(kind, namespace == null ? roomNamespace : namespace, reference.name());
    }

    /** Empty if a later release wrote the status. */
    static Optional<TargetId> of(AncestorRef reference) {
        return Arrays.stream(ApiKind.values())
                .filter(kind ->
                        kind.group().equals(reference.group()) && kind.kind().equals(reference.kind()))
                .findFirst()
                .map(kind -> new TargetId(kind, reference.namespace(), reference.name()));
    }

    AncestorRef ancestorRef() {
        return new AncestorRef(kind.group(), kind.kind(), namespace, name);
    }

    /** For a person: Ingress web/shop. */
    @Override
    public String toString() {
        return kind.kind() + " " + namespace + "/" + name;
    }
}
