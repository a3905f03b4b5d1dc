package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.KeyRef;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.MachineInputs.PlacedFile;
import dev.nixosoperator.remote.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Files and keys that an installation brings to the machine. */
final class InstalledFiles {
    private static final Pattern HOST_KEY = Pattern.compile("ssh_host_[a-z0-9]+_key");

    private InstalledFiles() {}

    static Map<String, Secret> encryptionKeys(Install install, Reading reading) {
        Map<String, Secret> keys = new LinkedHashMap<>();
        for (Install.EncryptionKey key : install.encryptionKeys()) {
            String field = "spec.install.encryptionKeys[%s]".formatted(key.path());
            Secret content = reading.secret(field, key.secretKeyRef());
            keys.put(key.path(), key.stripNewline() ? stripped(content) : content);
        }
        return keys;
    }

    private static Secret stripped(Secret content) {
        byte[] bytes = content.bytes();
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == '\n') {
            end -= end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
        }
        return Secret.of(Arrays.copyOf(bytes, end));
    }

    static List<PlacedFile> extraFiles(Install install, Reading reading) {
        List<PlacedFile> files = new ArrayList<>();
        for (Install.ExtraFile file : install.extraFiles()) {
            String field = "spec.install.extraFiles[%s]".formatted(file.path());
            KeyRef secretKey = file.secretKeyRef();
            KeyRef configMapKey = file.configMapKeyRef();
            LocalRef secret = file.secretRef();
            if (secretKey != null) {
                files.add(placed(file, file.path(), reading.secret(field, secretKey)));
            } else if (configMapKey != null) {
                files.add(placed(file, file.path(), reading.configMap(field, configMapKey)));
            } else if (secret != null) {
                String directory = file.path().endsWith("/") ? file.path() : file.path() + "/";
                new TreeMap<>(reading.secret(field, secret.name()))
                        .forEach((key, content) -> files.add(placed(file, directory + key, content)));
            }
        }
        return files;
    }

    private static PlacedFile placed(Install.ExtraFile file, String path, Secret content) {
        return new PlacedFile(path, content, file.mode(), file.owner());
    }

    static Map<String, Secret> hostKeys(Install install, Reading reading) {
        LocalRef ref = install.hostKeys().secretRef();
        if (install.hostKeys().policy() != Install.InstalledHostKeys.Policy.FromSecret || ref == null) {
            return Map.of();
        }
        String field = "spec.install.hostKeys.secretRef";
        Map<String, Secret> keys = reading.secret(field, ref.name()).entrySet().stream()
                .filter(entry -> HOST_KEY.matcher(entry.getKey()).matches())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (keys.isEmpty()) {
            reading.fail(
                    Reason.SecretInvalid,
                    "%s: Secret %s has no key such as ssh_host_ed25519_key".formatted(field, ref.name()));
        }
        return keys;
    }
}
