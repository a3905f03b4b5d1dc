package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.Kinds.Choice;
import dev.nixosoperator.disk.Kinds.Int;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** disko's {@code swap}. Unlike disko's, it is switched on by the mount script, as before disko's commit eaafb89. */
record Swap(
        @Nullable String discardPolicy,
        @Nullable Long priority,
        List<String> extraArgs,
        List<String> mountOptions,
        boolean randomEncryption,
        boolean resumeDevice,
        Hooks hooks)
        implements Content {

    private static final Option<String> DISCARD = Option.optional(
            "discardPolicy",
            new Choice(List.of("once", "pages", "both")),
            "When freed pages are discarded; see swapon(8).");
    /** Bounds of NixOS' option: the kernel gives out the negative ones itself. */
    private static final Option<Long> PRIORITY =
            Option.optional("priority", new Int(0, 32767), "Higher is used first; absent = the kernel decides.");

    private static final Option<List<String>> EXTRA_ARGS = Option.withDefault(
            "extraArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of mkswap; an element may hold several words.");
    private static final Option<List<String>> MOUNT_OPTIONS = Option.mountOptions();
    private static final Option<Boolean> RANDOM = Option.withDefault(
            "randomEncryption", Kinds.BOOL, false, "NixOS encrypts it with a new random key at every boot.");
    private static final Option<Boolean> RESUME =
            Option.withDefault("resumeDevice", Kinds.BOOL, false, "Resume from hibernation from here.");

    static final NodeType<Swap> TYPE = NodeType.content(
            "swap",
            "Swap space.",
            List.of(DISCARD, PRIORITY, EXTRA_ARGS, MOUNT_OPTIONS, RANDOM, RESUME),
            v -> new Swap(
                    v.find(DISCARD),
                    v.find(PRIORITY),
                    v.get(EXTRA_ARGS),
                    v.get(MOUNT_OPTIONS),
                    v.get(RANDOM),
                    v.get(RESUME),
                    Hooks.of(v)));

    @Override
    public void check(On on, Findings findings) {
        Words.check(EXTRA_ARGS, extraArgs, on.at(), findings);
        Words.noDevices(EXTRA_ARGS, extraArgs, on.at(), findings);
        if (randomEncryption && resumeDevice) {
            findings.add(
                    on.at().child(RESUME.name()),
                    "found true; allowed: false with randomEncryption, nothing survives there");
        }
        if (randomEncryption && !extraArgs.isEmpty()) {
            findings.add(
                    on.at().child(EXTRA_ARGS.name()),
                    "found arguments; allowed: none with randomEncryption, NixOS runs mkswap itself");
        }
    }

    @Override
    public Stream<Claim> claims(On on) {
        return resumeDevice
                ? Stream.of(new Claim(on.at().child(RESUME.name()), "resume device", "true"))
                : Stream.empty();
    }

    @Override
    public Stream<Step> create(On on) {
        return Stream.of(
                randomEncryption
                        ? Step.of(on.title() + ": left empty for encrypted swap", Command.of("expect_blank", on.ref()))
                        : Step.of(
                                on.title() + ": swap",
                                Command.of("make_swap", on.ref()).with(Words.split(extraArgs))));
    }

    @Override
    public Stream<Activation> activate(On on) {
        if (randomEncryption) {
            return Stream.empty();
        }
        Command up = Command.of(
                "swap_on",
                on.ref(),
                discardPolicy == null ? "-" : discardPolicy,
                priority == null ? "-" : priority.toString(),
                String.join(",", mountOptions));
        return Stream.of(new Activation(Stage.SWAP, "", "swap on " + on.title(), up, Command.of("swap_off", on.ref())));
    }

    @Override
    public Stream<Setting> nixos(On on) {
        var swap = new Setting.SwapDevice(on.path(), discardPolicy, priority, randomEncryption, mountOptions);
        return resumeDevice ? Stream.of(swap, new Setting.ResumeDevice(on.path())) : Stream.of(swap);
    }

    @Override
    public Set<String> tools() {
        return randomEncryption ? Set.of() : Set.of("mkswap", "swapon", "swapoff");
    }

    @Override
    public Set<String> signatures() {
        return randomEncryption ? Set.of() : Set.of("swap");
    }

    @Override
    public String describe() {
        return randomEncryption ? "swap, encrypted anew at every boot" : "swap";
    }
}
