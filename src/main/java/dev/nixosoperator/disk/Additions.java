package dev.nixosoperator.disk;

import java.util.List;

/**
 * What makes an installed machine as its layout says, while it runs.
 *
 * @param script Bash, complete in itself; a second run finds all there
 * @param keyFiles paths of key material that it needs, and removes at its end
 */
public record Additions(String script, List<String> keyFiles) {}
