package dev.waitingroom.dev.api;

/**
 * What one object is found by.
 *
 * @param namespace empty where the type has none
 */
record ObjectKey(ResourceType type, String namespace, String name) {
    @Override
    public String toString() {
        String path = namespace.isEmpty() ? name : namespace + "/" + name;
        return type.plural() + " \"" + path + "\"";
    }
}
