package dev.waitingroom.chaos.mutant;

/**
 * A change to one source file of {@code queue} or {@code gateway}.
 *
 * @param file below the root of the repository
 * @param text the text to replace; it occurs once
 * @param replacement the new text
 */
record Edit(String file, String text, String replacement) {
    private static final String SCRIPTS = "queue/src/main/resources/lua/";
    private static final String ROOM = "queue/src/main/java/dev/waitingroom/queue/room/";
    private static final String GATEWAY = "gateway/src/main/java/dev/waitingroom/gateway/";

    /** @param script its name, without the ending */
    static Edit script(String script, String text, String replacement) {
        return new Edit(SCRIPTS + script + ".lua", text, replacement);
    }

    /** @param type a class of the package {@code room} */
    static Edit room(String type, String text, String replacement) {
        return new Edit(ROOM + type + ".java", text, replacement);
    }

    /** @param type a class of the gateway, with its package below {@code gateway}: {@code session/SessionCodec} */
    static Edit gateway(String type, String text, String replacement) {
        return new Edit(GATEWAY + type + ".java", text, replacement);
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
