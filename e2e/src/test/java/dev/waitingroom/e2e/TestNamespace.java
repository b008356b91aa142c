package dev.waitingroom.e2e;

/** A namespace of one test class. */
record TestNamespace(Cluster cluster, String name) implements AutoCloseable {
    void apply(String yaml) {
        cluster.kubectl().apply(name, yaml);
    }

    /** Has it deleted, and waits until all that was in it is gone: no finalizer may hang. */
    @Override
    public void close() {
        cluster.kubectl().run("delete", "namespace", name, "--timeout=120s");
    }
}
