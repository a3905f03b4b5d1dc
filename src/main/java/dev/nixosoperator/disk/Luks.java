package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.ContentKind.Place;
import dev.nixosoperator.disk.KeyFile.Form;
import dev.nixosoperator.disk.Kinds.Free;
import dev.nixosoperator.disk.Kinds.Int;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** disko's {@code luks}, without asking a person: exactly one file holds the first key. */
record Luks(
        String name,
        @Nullable String passwordFile,
        @Nullable String keyFile,
        ObjectNode settings,
        List<String> additionalKeyFiles,
        boolean initrdUnlock,
        List<String> extraFormatArgs,
        List<String> extraOpenArgs,
        @Nullable Content content,
        Hooks hooks)
        implements Content {

    private static final Option<String> NAME = Option.required(
            "name",
            new Text(
                    "(?!control$)[A-Za-z0-9_][A-Za-z0-9#+.:=@_-]*",
                    127,
                    "a name for /dev/mapper of letters, digits and #+.:=@_-"),
            "Name below /dev/mapper.");
    private static final Option<String> PASSWORD_FILE = Option.optional(
            "passwordFile", Kinds.PATH, "File on the installer with the passphrase; newlines at its end do not count.");
    private static final Option<String> KEY_FILE = Option.optional(
            "keyFile", Kinds.PATH, "File on the installer whose every byte is the key; not known to NixOS.");
    private static final Option<ObjectNode> SETTINGS = Option.withDefault(
            "settings",
            new Free(),
            JsonNodeFactory.instance.objectNode(),
            "Copied to boot.initrd.luks.devices.<name>; keyFile, keyFileSize, keyFileOffset, allowDiscards and"
                    + " bypassWorkqueues also hold for the installation.");
    private static final Option<List<String>> MORE_KEYS = Option.withDefault(
            "additionalKeyFiles", Kind.list(Kinds.PATH, 7), List.of(), "More keys, each a file on the installer.");
    private static final Option<Boolean> INITRD_UNLOCK =
            Option.withDefault("initrdUnlock", Kinds.BOOL, true, "Whether NixOS unlocks it in the initrd.");
    private static final Option<List<String>> FORMAT_ARGS = Option.withDefault(
            "extraFormatArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of cryptsetup luksFormat; an element may hold several words.");
    private static final Option<List<String>> OPEN_ARGS = Option.withDefault(
            "extraOpenArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of cryptsetup open; an element may hold several words.");
    private static final Option<Content> CONTENT =
            Option.optional("content", new ContentKind(Place.LUKS), "What is inside; absent = left raw.");

    /** Keys of {@code settings} that steer the scripts too, with what they may be. */
    private static final Option<String> SETTING_KEY = Option.optional("keyFile", Kinds.PATH, "");

    private static final Option<Long> SETTING_SIZE = Option.optional("keyFileSize", new Int(1, 8 << 20), "");
    private static final Option<Long> SETTING_OFFSET = Option.optional("keyFileOffset", new Int(0, Long.MAX_VALUE), "");
    private static final Option<Boolean> SETTING_DISCARD = Option.optional("allowDiscards", Kinds.BOOL, "");
    private static final Option<Boolean> SETTING_QUEUES = Option.optional("bypassWorkqueues", Kinds.BOOL, "");
    private static final List<Option<?>> STEERING =
            List.of(SETTING_KEY, SETTING_SIZE, SETTING_OFFSET, SETTING_DISCARD, SETTING_QUEUES);

    static final NodeType<Luks> TYPE = NodeType.content(
            "luks",
            "A LUKS container.",
            List.of(NAME, PASSWORD_FILE, KEY_FILE, SETTINGS, MORE_KEYS, INITRD_UNLOCK, FORMAT_ARGS, OPEN_ARGS, CONTENT),
            v -> new Luks(
                    v.get(NAME),
                    v.find(PASSWORD_FILE),
                    v.find(KEY_FILE),
                    v.get(SETTINGS),
                    v.get(MORE_KEYS),
                    v.get(INITRD_UNLOCK),
                    v.get(FORMAT_ARGS),
                    v.get(OPEN_ARGS),
                    v.find(CONTENT),
                    Hooks.of(v)));

    @Override
    public void check(On on, Findings findings) {
        Words.check(FORMAT_ARGS, extraFormatArgs, on.at(), findings);
        Words.check(OPEN_ARGS, extraOpenArgs, on.at(), findings);
        Words.noDevices(FORMAT_ARGS, extraFormatArgs, on.at(), findings);
        Words.noDevices(OPEN_ARGS, extraOpenArgs, on.at(), findings);
        At at = on.at().child(SETTINGS.name());
        for (Option<?> option : STEERING) {
            JsonNode given = settings.path(option.name());
            if (!given.isMissingNode() && !given.isNull()) {
                option.kind().read(given, at.child(option.name()), findings);
            }
        }
        if (settings.has("device")) {
            findings.add(at.child("device"), "unknown option; the device is the one that the layout describes");
        }
        long keys = Stream.of(settings.path("keyFile").textValue(), passwordFile, keyFile)
                .filter(k -> k != null)
                .count();
        if (keys != 1) {
            findings.add(
                    on.at(),
                    (keys == 0 ? "no key" : keys + " first keys")
                            + "; allowed: exactly one of passwordFile, settings.keyFile and keyFile"
                            + " (nobody is there to type a passphrase during an installation)");
        }
        keyFiles().stream()
                .filter(key -> key.isOnDevice() && key.size() == 0)
                .forEach(key -> findings.add(
                        on.at(),
                        "found a key on " + Findings.shown(key.path())
                                + "; allowed below /dev: settings.keyFile together with settings.keyFileSize"));
    }

    @Override
    public Stream<Claim> claims(On on) {
        return Stream.of(Claim.mapper(on.at().child(NAME.name()), name));
    }

    @Override
    public Stream<Tree> children(On on) {
        if (content == null) {
            return Stream.empty();
        }
        String mapper = "/dev/mapper/" + name;
        var inside = new On(on.at().child(CONTENT.name()), mapper, mapper, "LUKS " + name, "luks-" + name);
        return Stream.of(new Tree(inside, content));
    }

    @Override
    public Stream<Step> create(On on) {
        List<Command> commands = new ArrayList<>();
        commands.add(call("luks_format", on).with(keyArgs()).with(List.of("--")).with(Words.split(extraFormatArgs)));
        commands.add(openCommand(on, flags().isEmpty() ? List.of() : List.of("--persistent")));
        additionalKeyFiles.forEach(
                f -> commands.add(call("luks_add_key", on).with(List.of(f)).with(keyArgs())));
        return Stream.of(new Step(on.title() + ": LUKS " + name, commands));
    }

    @Override
    public Stream<Activation> activate(On on) {
        return Stream.of(new Activation(
                Stage.DEVICE,
                "",
                "LUKS " + name,
                openCommand(on, List.of()),
                Command.of("luks_close", on.ref(), name)));
    }

    @Override
    public Stream<Step> look(On on, String path) {
        return Stream.of(Step.of("open LUKS " + name + " for reading", openCommand(on, List.of("--readonly"))));
    }

    @Override
    public void differs(On on, Spot spot, Differences differences) {
        spot.mapped(name)
                .ifPresentOrElse(
                        mapped -> children(on).forEach(inside -> Drift.content(inside, mapped, differences)),
                        () -> closed(on, spot, differences));
    }

    private void closed(On on, Spot spot, Differences differences) {
        if (spot.inside().isUnfinished(on.at())) {
            differences.add(on.at(), "was begun, and may not be made yet", Addition.making(new Tree(on, this)));
        } else {
            differences.unseen();
        }
    }

    @Override
    public Optional<Addition> grow(On on) {
        var container = new Addition(
                List.of(Step.of(
                        on.title() + ": grow LUKS " + name,
                        call("luks_grow", on).with(List.of(name)).with(keyArgs()))),
                Set.of("cryptsetup"),
                List.of(firstKey()));
        return children(on)
                .findFirst()
                .flatMap(inside -> inside.content().grow(inside.on()))
                .map(container::then);
    }

    private Command openCommand(On on, List<String> more) {
        return call("luks_open", on)
                .with(List.of(name))
                .with(keyArgs())
                .with(flags())
                .with(Words.split(extraOpenArgs))
                .with(more);
    }

    private Command call(String function, On on) {
        KeyFile key = firstKey();
        return Command.of(function, on.ref(), key.form().word(), key.path());
    }

    private List<String> keyArgs() {
        List<String> args = new ArrayList<>();
        if (settings.path(SETTING_KEY.name()).isTextual()) {
            if (settings.path(SETTING_SIZE.name()).isIntegralNumber()) {
                args.add("--keyfile-size=" + settings.path(SETTING_SIZE.name()).asLong());
            }
            if (settings.path(SETTING_OFFSET.name()).isIntegralNumber()) {
                args.add("--keyfile-offset="
                        + settings.path(SETTING_OFFSET.name()).asLong());
            }
        }
        return args;
    }

    private List<String> flags() {
        List<String> flags = new ArrayList<>();
        if (settings.path(SETTING_DISCARD.name()).asBoolean()) {
            flags.add("--allow-discards");
        }
        if (settings.path(SETTING_QUEUES.name()).asBoolean()) {
            flags.add("--perf-no_read_workqueue");
            flags.add("--perf-no_write_workqueue");
        }
        return flags;
    }

    private KeyFile firstKey() {
        String fromSettings = settings.path(SETTING_KEY.name()).textValue();
        if (fromSettings != null) {
            return new KeyFile(
                    fromSettings,
                    Form.RAW,
                    settings.path(SETTING_OFFSET.name()).asLong(0),
                    settings.path(SETTING_SIZE.name()).asLong(0));
        }
        return passwordFile != null
                ? new KeyFile(passwordFile, Form.TEXT)
                : new KeyFile(keyFile == null ? "" : keyFile, Form.RAW);
    }

    /** As it is opened after the installation. */
    Unlock unlock() {
        KeyFile key = firstKey();
        return new Unlock(name, key.form().word(), key.path(), keyArgs());
    }

    @Override
    public Stream<Setting> nixos(On on) {
        return initrdUnlock ? Stream.of(new Setting.LuksDevice(name, on.path(), settings)) : Stream.empty();
    }

    @Override
    public List<KeyFile> keyFiles() {
        return Stream.concat(Stream.of(firstKey()), additionalKeyFiles.stream().map(f -> new KeyFile(f, Form.RAW)))
                .toList();
    }

    @Override
    public Set<String> tools() {
        return Set.of("cryptsetup");
    }

    @Override
    public Set<String> signatures() {
        return Set.of("crypto_LUKS");
    }

    @Override
    public String describe() {
        return "LUKS " + name + (content == null ? "" : ": " + content.describe());
    }

    @Override
    public Stream<String> leavesRaw(On on) {
        return content == null ? Stream.of("/dev/mapper/" + name) : Stream.empty();
    }
}
