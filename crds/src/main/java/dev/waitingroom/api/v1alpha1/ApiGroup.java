package dev.waitingroom.api.v1alpha1;

/** Names of the API group. */
public final class ApiGroup {
    public static final String NAME = "waitingroom.dev";
    public static final String VERSION = "v1alpha1";

    private ApiGroup() {}
}
