package dev.waitingroom.chaos.history;

/** Counts by rank; both operations O(log n) (Fenwick, 1994). */
final class Fenwick {
    private final int[] sums;

    Fenwick(int size) {
        sums = new int[size + 1];
    }

    void add(int index, int amount) {
        for (int i = index + 1; i < sums.length; i += i & -i) {
            sums[i] += amount;
        }
    }

    /** The sum below the index. */
    int below(int index) {
        int sum = 0;
        for (int i = index; i > 0; i -= i & -i) {
            sum += sums[i];
        }
        return sum;
    }
}
