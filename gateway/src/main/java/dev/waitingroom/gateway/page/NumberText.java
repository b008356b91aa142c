package dev.waitingroom.gateway.page;

/**
 * Writes whole numbers as a language does. The JRE of the image has no locale data, so the language's file says how.
 *
 * @param group between groups of digits
 * @param digits the ten digits
 * @param grouping digits of each group but the last, which has three
 */
record NumberText(String group, String digits, int grouping) {
    private static final int LAST_GROUP = 3;

    NumberText {
        if (digits.length() != 10 || grouping < 2) {
            throw new IllegalArgumentException("a language has ten digits and groups of at least two");
        }
    }

    String format(long number) {
        String plain = Long.toString(number);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            int left = plain.length() - i;
            boolean boundary = left == LAST_GROUP || (left > LAST_GROUP && (left - LAST_GROUP) % grouping == 0);
            if (i > 0 && boundary) {
                out.append(group);
            }
            out.append(digits.charAt(plain.charAt(i) - '0'));
        }
        return out.toString();
    }

    /** Two digits, as in a time of day. */
    String two(int number) {
        return "" + digits.charAt(number / 10) + digits.charAt(number % 10);
    }
}
