package dev.waitingroom.queue.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The variables of a process, with errors that name the variable and the fix. Values are stripped; an empty one counts as not set.
 * Remembers what was declared about each variable that it was asked for. Not thread-safe.
 */
public final class Environment {
    private final Map<String, String> values;
    private final Map<String, Variable> declared = new LinkedHashMap<>();

    public Environment(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Every variable that was asked for so far, in that order. */
    public List<Variable> variables() {
        return List.copyOf(declared.values());
    }

    /** Any text; empty where it is not set. */
    public Optional<String> text(String name, String description, String expected) {
        return parsed(name, description, expected, Function.identity());
    }

    /** Any text. */
    public String text(String name, String description, String expected, String preset) {
        return parsed(name, description, expected, Function.identity(), preset, preset);
    }

    /**
     * A value with a form of its own; empty where it is not set.
     *
     * @param parser throws {@link IllegalArgumentException} with the reason
     */
    public <T> Optional<T> parsed(String name, String description, String expected, Function<String, T> parser) {
        return read(new Variable(name, description, expected, false, Optional.empty()), parser);
    }

    /**
     * The same with a value for where it is not set.
     *
     * @param presetText that value, as one would write it
     */
    public <T> T parsed(
            String name, String description, String expected, Function<String, T> parser, T preset, String presetText) {
        return read(new Variable(name, description, expected, false, Optional.of(presetText)), parser)
                .orElse(preset);
    }

    /** A value without which the process cannot start. */
    public <T> T required(String name, String description, String expected, Function<String, T> parser) {
        return read(new Variable(name, description, expected, true, Optional.empty()), parser)
                .orElseThrow(() -> new SettingsException(name + " is not set. Set it to " + expected + "."));
    }

    /** A whole number from {@code min} to {@code max}. */
    public int number(String name, String description, int preset, int min, int max) {
        return parsed(
                name,
                description,
                "a whole number from " + min + " to " + max,
                value -> number(value, min, max),
                preset,
                Integer.toString(preset));
    }

    /** A whole number from {@code min} to {@code max}; empty where it is not set. */
    public Optional<Integer> optionalNumber(String name, String description, int min, int max) {
        return parsed(name, description, "a whole number from " + min + " to " + max, value -> number(value, min, max));
    }

    /** Yes or no. */
    public boolean bool(String name, String description, boolean preset) {
        return parsed(name, description, "true or false", Environment::bool, preset, Boolean.toString(preset));
    }

    /** @throws IllegalArgumentException where it is neither true nor false */
    public static boolean bool(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + value + "\" is neither true nor false");
        };
    }

    private static int number(String value, int min, int max) {
        int n;
        try {
            n = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + value + "\" is not a number", e);
        }
        if (n < min || n > max) {
            throw new IllegalArgumentException(n + " is out of range");
        }
        return n;
    }

    private <T> Optional<T> read(Variable variable, Function<String, T> parser) {
        declared.put(variable.name(), variable);
        return Optional.ofNullable(values.get(variable.name()))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .map(value -> {
                    try {
                        return parser.apply(value);
                    } catch (IllegalArgumentException e) {
                        throw new SettingsException(variable.name() + " cannot be used: " + e.getMessage()
                                + ". Set it to " + variable.expected() + ".");
                    }
                });
    }
}
