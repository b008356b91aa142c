package dev.waitingroom.chaos.history;

/** A list of numbers: raises a prefix by one, and finds the greatest number of a prefix. Both cost O(log n). */
final class MaxTree {
    private final int leaves;
    private final double[] greatest;
    private final double[] raised;

    MaxTree(double[] values) {
        leaves = Integer.highestOneBit(Math.max(1, values.length - 1)) * 2;
        greatest = new double[2 * leaves];
        raised = new double[2 * leaves];
        java.util.Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
        System.arraycopy(values, 0, greatest, leaves, values.length);
        for (int node = leaves - 1; node > 0; node--) {
            greatest[node] = Math.max(greatest[2 * node], greatest[2 * node + 1]);
        }
    }

    /** Adds one to each number below the index. */
    void raiseBelow(int end) {
        raise(1, 0, leaves, end);
    }

    private void raise(int node, int low, int high, int end) {
        if (end <= low) {
            return;
        }
        if (high <= end) {
            greatest[node]++;
            raised[node]++;
            return;
        }
        int middle = (low + high) / 2;
        raise(2 * node, low, middle, end);
        raise(2 * node + 1, middle, high, end);
        greatest[node] = Math.max(greatest[2 * node], greatest[2 * node + 1]) + raised[node];
    }

    /** The greatest number below the index. */
    double greatestBelow(int end) {
        return greatest(1, 0, leaves, end);
    }

    private double greatest(int node, int low, int high, int end) {
        if (end <= low) {
            return Double.NEGATIVE_INFINITY;
        }
        if (high <= end) {
            return greatest[node];
        }
        int middle = (low + high) / 2;
        return Math.max(greatest(2 * node, low, middle, end), greatest(2 * node + 1, middle, high, end)) + raised[node];
    }
}
