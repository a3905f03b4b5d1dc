package dev.nixosoperator.disk;

/** A place in the tree: the path people read in findings, and how deep it is. */
record At(String path, int depth) {
    static final At DEVICES = new At("spec.devices", 0);

    At child(String name) {
        return new At(path + "." + printable(name), depth + 1);
    }

    At index(int i) {
        return new At(path + "[" + i + "]", depth + 1);
    }

    private static String printable(String name) {
        if (name.matches("[A-Za-z0-9_-]{1,128}")) {
            return name;
        }
        return Findings.shown(name);
    }
}
