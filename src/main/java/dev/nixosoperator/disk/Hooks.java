package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.Kinds.Bool;
import dev.nixosoperator.disk.Kinds.Choice;
import dev.nixosoperator.disk.Kinds.Free;
import dev.nixosoperator.disk.Kinds.Int;
import dev.nixosoperator.disk.Kinds.ListOf;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's hooks: bash of the layout's author. It is the one thing in a layout that is code and no value; it runs as root on the installer, in a
 * shell of its own, with the options of its node as variables. disko runs the hooks of mount and unmount once for each thing that is
 * mounted inside the node; here they run once: before the first and after the last.
 *
 * @param type word of the node's type, for progress lines
 * @param variables bash that declares the options
 */
record Hooks(String type, Map<Moment, String> texts, String variables) {

    /** When a hook runs. */
    enum Moment {
        PRE_CREATE("preCreateHook", "Bash that runs before it and all inside it are made, at every format."),
        POST_CREATE("postCreateHook", "Bash that runs after it and all inside it are made, at every format."),
        PRE_MOUNT("preMountHook", "Bash that runs before the first thing in it is opened or mounted."),
        POST_MOUNT("postMountHook", "Bash that runs after the last thing in it is mounted."),
        PRE_UNMOUNT("preUnmountHook", "Bash that runs before the first thing in it is unmounted."),
        POST_UNMOUNT("postUnmountHook", "Bash that runs after the last thing in it is unmounted or closed.");

        private final String option;
        private final String meaning;

        Moment(String option, String meaning) {
            this.option = option;
            this.meaning = meaning;
        }
    }

    private static final Text BASH =
            new Text("[^\\x00-\\x08\\x0b-\\x1f\\x7f]*", 16_384, "bash of at most 16384 letters");

    private static final Map<Moment, Option<String>> BY_MOMENT = Stream.of(Moment.values())
            .collect(Collectors.toMap(
                    moment -> moment,
                    moment -> Option.withDefault(moment.option, BASH, "", moment.meaning),
                    (a, b) -> a,
                    () -> new EnumMap<>(Moment.class)));

    /** In the order of the moments. */
    static final List<Option<String>> OPTIONS = List.copyOf(BY_MOMENT.values());

    static final Hooks NONE = new Hooks("", Map.of(), "");

    static Hooks of(Values values) {
        Map<Moment, String> texts = new EnumMap<>(Moment.class);
        BY_MOMENT.forEach((moment, option) -> {
            String text = values.get(option);
            if (!text.isBlank()) {
                texts.put(moment, text);
            }
        });
        String type = String.valueOf(values.node().type());
        return new Hooks(type, texts, texts.isEmpty() ? "" : variables(type, values));
    }

    boolean none() {
        return texts.isEmpty();
    }

    /** The same with one variable more, for a value that is no option of the node itself. */
    Hooks with(String variable, String value) {
        return new Hooks(type, texts, variables + variable + "=" + ShellWord.quote(value) + "\n");
    }

    Stream<Step> at(Moment moment, On on) {
        String text = texts.get(moment);
        return text == null
                ? Stream.empty()
                : Stream.of(Step.of(
                        on.title() + ": " + moment.option + " of " + type,
                        Command.of("hook", on.ref(), variables, text)));
    }

    /** As disko declares them; {@code device} is left to the script, which knows the node of this machine. */
    private static String variables(String type, Values values) {
        return "type=" + ShellWord.quote(type) + "\n"
                + values.node().options().stream()
                        .filter(option -> !OPTIONS.contains(option)
                                && !option.equals(Preserved.OPTION)
                                && !option.name().equals("device"))
                        .map(option -> variable(option, values))
                        .collect(Collectors.joining());
    }

    private static <T> String variable(Option<T> option, Values values) {
        String name = option.name().replace('-', '_');
        T value = values.find(option);
        return switch (option.kind()) {
            case Text text -> name + "=" + word(value) + "\n";
            case Choice choice -> name + "=" + word(value) + "\n";
            case Int number -> name + "=" + word(value) + "\n";
            case Bool bool -> name + "=" + (Boolean.TRUE.equals(value) ? "1" : "''") + "\n";
            case ListOf<?> list -> value instanceof List<?> items && simple(list) ? array(name, items) : "";
            case Free free -> value instanceof ObjectNode object ? array(name, object) : "";
            case MapOf<?> map ->
                value instanceof Map<?, ?> entries && map.value() instanceof Text ? array(name, entries) : "";
            case Topology.Mode mode -> "";
            case Topology.OneOrMore<?> groups -> "";
            case NodeKind<?> node -> "";
            case ContentKind content -> "";
        };
    }

    private static boolean simple(ListOf<?> list) {
        return !(list.item() instanceof NodeKind<?>);
    }

    private static String word(@Nullable Object value) {
        return value == null ? "''" : ShellWord.quote(value.toString());
    }

    private static String array(String name, List<?> items) {
        return "declare -a " + name + "=(" + items.stream().map(Hooks::word).collect(Collectors.joining(" ")) + ")\n";
    }

    /** Bash has no empty key and no NUL, and nothing deeper than text. */
    private static String array(String name, Map<?, ?> texts) {
        return array(name, (ObjectNode) Json.of(texts));
    }

    private static String array(String name, ObjectNode object) {
        return "declare -A " + name + "=("
                + object.properties().stream()
                        .filter(f -> !f.getKey().isEmpty()
                                && (f.getKey() + f.getValue().asText()).indexOf('\0') < 0)
                        .map(f -> "[" + ShellWord.quote(f.getKey()) + "]=" + ShellWord.quote(flat(f.getValue())))
                        .collect(Collectors.joining(" "))
                + ")\n";
    }

    private static String flat(JsonNode value) {
        if (value.isContainerNode()) {
            return value.toString();
        }
        return value.isBoolean() ? (value.booleanValue() ? "1" : "") : value.asText();
    }
}
