package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pool of ZFS holds. The scripts know it by the path that a volume of its name has; unlike with disko the keys of volumes are loaded and
 * unloaded by their full name (fault 8 of the reference).
 */
sealed interface Dataset extends Content permits ZfsFs, ZfsVolume {
    String VOLUMES = "/dev/zvol/";

    Text NAME_TEXT = new Text(
            "[A-Za-z0-9_][A-Za-z0-9_:.-]*(/[A-Za-z0-9_][A-Za-z0-9_:.-]*)*",
            200,
            "a name that ZFS allows, of letters, digits and _:.-, with slashes between names");

    Text PROPERTY = new Text("[a-z0-9][a-z0-9:._@-]*", 255, "the name of a property of ZFS");
    MapOf<String> PROPERTIES =
            new MapOf<>(PROPERTY, new Text("[^\\p{Cntrl}]*", 1024, "a text without control characters"), 128);

    Option<String> NAME = Option.optional("name", NAME_TEXT, "Name in the pool. Default: the key.");
    Option<Map<String, String>> OPTIONS = Option.withDefault(
            "options",
            PROPERTIES,
            Map.of(),
            "Properties. A later format sets those that can be changed, and fails where another one differs. keylocation must be a file: nobody is there to be"
                    + " asked; a postCreateHook may set it to prompt.");
    Option<List<String>> MOUNT_OPTIONS = Option.mountOptions();

    @Nullable
    String givenName();

    Map<String, String> options();

    /** Where the layout says its properties. */
    default String optionsName() {
        return OPTIONS.name();
    }

    default String name(String key) {
        String given = givenName();
        return given == null ? key : given;
    }

    /** With the pool in front. */
    static String of(On on) {
        return on.ref().substring(VOLUMES.length());
    }

    /** {@code name=value}. */
    static List<String> words(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(p -> p.getKey() + "=" + p.getValue())
                .toList();
    }

    /** Where the key of an encryption root comes from. */
    default @Nullable String keyLocation() {
        String location = options().get("keylocation");
        return location == null || location.equals("none") ? null : location;
    }

    /** @param at of the properties */
    default void checkKey(At at, Findings findings) {
        String location = keyLocation();
        boolean nobody = location == null ? options().containsKey("keyformat") : !location.contains("://");
        if (nobody) {
            findings.add(
                    at.child("keylocation"),
                    (location == null ? "missing" : "found " + Findings.shown(location))
                            + "; allowed: file:///…, for nobody is there to be asked; a postCreateHook may set it to prompt");
        }
    }

    @Override
    default void check(On on, Findings findings) {
        NAME_TEXT.read(Json.of(of(on)), on.at().child(NAME.name()), findings);
        checkKey(on.at().child(optionsName()), findings);
    }

    @Override
    default Stream<Claim> claims(On on) {
        return Stream.of(new Claim(on.at(), "dataset", of(on)));
    }

    @Override
    default List<KeyFile> keyFiles() {
        String location = keyLocation();
        return location == null || !location.startsWith("file:///")
                ? List.of()
                : List.of(new KeyFile(
                        location.substring("file://".length()),
                        "raw".equals(options().get("keyformat")) ? KeyFile.Form.RAW : KeyFile.Form.TEXT));
    }

    @Override
    default Stream<Activation> activate(On on) {
        return loadKey(on)
                .map(load -> new Activation(
                        Stage.DEVICE, "", "the key of " + on.title(), load, Command.of("key_off", of(on))));
    }

    /** What is in it can be made only with its key. */
    default Step make(On on, Command command) {
        return new Step(
                on.title(), Stream.concat(Stream.of(command), loadKey(on)).toList());
    }

    /** The layout's place of the key, whatever a hook has told the pool. */
    default Stream<Command> loadKey(On on) {
        String location = keyLocation();
        return location == null ? Stream.empty() : Stream.of(Command.of("key_on", of(on), location));
    }

    @Override
    default Set<String> tools() {
        return Set.of("zfs", "zpool");
    }
}
