package dev.waitingroom.operator.scope;

/**
 * Who holds a lease.
 *
 * @param release the chart's release: namespace/name. Pods of one release stand in for each other
 * @param pod one process of it
 */
public record Identity(String release, String pod) {
    static Identity parse(String holder) {
        int end = holder.lastIndexOf('/');
        return end < 0 ? new Identity("", holder) : new Identity(holder.substring(0, end), holder.substring(end + 1));
    }

    @Override
    public String toString() {
        return release + "/" + pod;
    }
}
