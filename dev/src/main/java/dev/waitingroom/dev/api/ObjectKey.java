package dev.waitingroom.dev.api;

/**
 * The key of one object.
 *
 * @param namespace empty if the type has no namespaces
 */
record ObjectKey(ResourceType type, String namespace, String name) {
    @Override
    public String toString() {
        String path = namespace.isEmpty() ? name : namespace + "/" + name;
        return type.plural() + " \"" + path + "\"";
    }
}
