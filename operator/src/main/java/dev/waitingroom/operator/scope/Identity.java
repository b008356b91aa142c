package dev.waitingroom.operator.scope;

/**
 * The holder of a lease.
 *
 * @param release the chart's release, namespace/name; its pods replace each other
 * @param pod of the release
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
