package dev.nixosoperator.nix;

/** What is wrong with bytes that shall be an archive or an answer of Nix. */
public enum WireFault {
    ENDS_EARLY("it ends in the middle"),
    TOO_LONG("longer than it may be"),
    BEYOND_SIZE("it goes on after the size that it shall have"),
    PADDING("padding that is not zero"),
    UNEXPECTED_WORD("a word that does not belong there"),
    BAD_NAME("no name of a file"),
    UNSORTED("a name that does not come after the one before it"),
    BAD_TARGET("no target of a link"),
    TOO_DEEP("directories that are nested too deep"),
    TRAILING("bytes after the end");

    private final String text;

    WireFault(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
