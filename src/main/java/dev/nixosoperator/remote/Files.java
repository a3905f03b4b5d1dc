package dev.nixosoperator.remote;

import java.util.regex.Pattern;

/** Writes files on a machine; the content goes through stdin, never through argv. */
public final class Files {
    private static final Script WRITE = Script.load("write-file.sh");
    private static final Pattern MODE = Pattern.compile("[0-7]{3,4}");
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9._-]+:[A-Za-z0-9._-]+");

    private Files() {}

    /** As {@link #write(RemoteHost, String, String, String, Stdin)} for bytes at hand. */
    public static CommandResult write(RemoteHost host, String path, String mode, String owner, byte[] content) {
        return write(host, path, mode, owner, Stdin.of(content));
    }

    /**
     * Writes the file with all of its content or not at all: to a temporary name only root can read, then renamed.
     * Missing parent directories are created with mode 0755. Anything but {@link CommandResult#ok()} leaves what was
     * there before (or, after a lost connection, either).
     *
     * @param path absolute
     * @param mode octal digits, such as {@code 0400}
     * @param owner {@code user:group}, numbers or names of the machine
     */
    public static CommandResult write(RemoteHost host, String path, String mode, String owner, Stdin content) {
        if (!path.startsWith("/")
                || !MODE.matcher(mode).matches()
                || !OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException("not a file to write: " + path + " " + mode + " " + owner);
        }
        return host.run(Command.script(WRITE, path, mode, owner, Long.toString(content.length()))
                .withStdin(content));
    }
}
