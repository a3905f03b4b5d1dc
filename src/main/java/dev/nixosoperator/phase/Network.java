package dev.nixosoperator.phase;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * By which device our connection comes in, as {@code network.sh} tells.
 *
 * @param device null: the machine did not say
 * @param kind {@code ethernet}, {@code wifi}, {@code bond} …
 * @param address the one that we came to; empty behind a translation of addresses
 * @param dynamic given by a DHCP server or a router for a while
 * @param shadow a device with the same hardware address whose unit the installer reads before this one's
 * @param port whether a real device has the hardware address, so that it is found again by it
 * @param addresses of all devices, link-local ones too, {@code address@device}
 */
record Network(
        @Nullable String device,
        String kind,
        String address,
        boolean dynamic,
        @Nullable String shadow,
        boolean port,
        List<String> addresses) {

    static Network of(Reading reading) {
        return new Network(
                reading.find("net.device"),
                reading.get("net.kind"),
                reading.get("net.local"),
                reading.yes("net.dynamic"),
                reading.find("net.shadow"),
                reading.yes("net.port"),
                Stream.of(reading.get("net.addresses").split(" "))
                        .filter(word -> !word.isEmpty())
                        .toList());
    }

    /** Where the installer may be found instead; a link-local address leads there from the same network. */
    String candidates() {
        return addresses.isEmpty()
                ? "the machine did not tell its addresses"
                : "the addresses of the machine were " + String.join(", ", addresses);
    }
}
