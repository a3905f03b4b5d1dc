package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.KeyRef;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.KnownHost;
import dev.nixosoperator.remote.KnownHost.Marker;
import dev.nixosoperator.remote.KnownKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a spec says of the host keys of one endpoint. */
final class GivenKeys {
    private final Reading reading;
    private final List<KnownHost> lines = new ArrayList<>();

    GivenKeys(Reading reading) {
        this.reading = reading;
    }

    static KnownKeys of(String field, Connection.HostKeys given, Endpoint endpoint, Reading reading) {
        GivenKeys keys = new GivenKeys(reading);
        for (int i = 0; i < given.knownHosts().size(); i++) {
            keys.known(
                    "%s.knownHosts[%d]".formatted(field, i), given.knownHosts().get(i));
        }
        for (int i = 0; i < given.certAuthorities().size(); i++) {
            keys.authority(
                    "%s.certAuthorities[%d]".formatted(field, i),
                    given.certAuthorities().get(i));
        }
        KeyRef file = given.knownHostsConfigMapKeyRef();
        if (file != null) {
            String place = field + ".knownHostsConfigMapKeyRef";
            keys.file(
                    "%s: ConfigMap %s".formatted(place, file.name()),
                    reading.configMap(place, file).utf8(),
                    endpoint);
        }
        return keys.known();
    }

    KnownKeys known() {
        return KnownKeys.said(lines);
    }

    private void known(String place, String line) {
        Optional<KnownHost> known = KnownHost.parse(line);
        if (known.isPresent()) {
            lines.add(known.get());
        } else if (!line.strip().startsWith("#")) {
            fail(place, "no public host key; write it as ssh-keyscan prints it");
        }
    }

    private void authority(String place, String line) {
        KnownHost.parse(line)
                .filter(known -> known.marker() != Marker.REVOKED)
                .map(known -> new KnownHost(Marker.CERT_AUTHORITY, known.key()))
                .ifPresentOrElse(
                        lines::add,
                        () -> fail(place, "no public key of an authority; write it as it stands in its .pub file"));
    }

    /** Lines about other hosts are not read. */
    void file(String place, String text, Endpoint endpoint) {
        List<String> all = text.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            if (KnownHost.isOf(all.get(i), endpoint)) {
                known("%s, line %d".formatted(place, i + 1), all.get(i));
            }
        }
    }

    private void fail(String place, String what) {
        reading.fail(Reason.HostKeyMismatch, place + " is " + what);
    }
}
