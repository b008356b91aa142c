package dev.waitingroom.chaos.mutant;

/**
 * A change to one source file of {@code queue}.
 *
 * @param file below {@code queue/src/main}
 * @param text the text to replace; it occurs once
 * @param replacement the new text
 */
record Edit(String file, String text, String replacement) {
    private static final String ROOM = "java/dev/waitingroom/queue/room/";

    /** @param script its name, without the ending */
    static Edit script(String script, String text, String replacement) {
        return new Edit("resources/lua/" + script + ".lua", text, replacement);
    }

    /** @param type a class of the package {@code room} */
    static Edit room(String type, String text, String replacement) {
        return new Edit(ROOM + type + ".java", text, replacement);
    }

    /** The changed source. */
    String apply(String source) {
        int at = source.indexOf(text);
        if (at < 0 || source.indexOf(text, at + 1) >= 0) {
            throw new AssertionError(
                    "%s does not hold this text once any more; the mutant has to follow what changed there:%n%s"
                            .formatted(file, text));
        }
        return source.substring(0, at) + replacement + source.substring(at + text.length());
    }
}
