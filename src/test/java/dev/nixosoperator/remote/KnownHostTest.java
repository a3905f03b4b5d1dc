package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As ssh itself reads a known_hosts file; hashes are those of ssh-keygen -H. */
final class KnownHostTest {
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    private static final String HASH = "|1|FRS3lIHbWchbCyMCljaZRfuPJG8=|puPdl+emrI8aTSnZMa7FZqS7WgY=";
    private static final String PORT_HASH = "|1|ymsjG5vNrV68sixQK/Y3avuH7bI=|bmODMg0mgZwEKfTvEXm5VdZqd1o=";

    @ParameterizedTest(name = "{0}: {1} port {2}: {3}")
    @CsvSource(
            delimiter = ';',
            value = {
                "web.example.org;                       web.example.org;  22;   true",
                "web.example.org;                       WEB.example.org;  22;   true",
                "WEB.example.org;                       web.example.org;  22;   true",
                "web.example.org;                       web.example.org;  2222; false",
                "web.example.org;                       web.example.com;  22;   false",
                "web.example.org;                       xweb.example.org; 22;   false",
                "webxexample.org;                       web.example.org;  22;   false",
                "web.example.org;                       webxexample.org;  22;   false",
                "[web.example.org]:2222;                web.example.org;  2222; true",
                "[web.example.org]:2222;                web.example.org;  22;   false",
                "[web.example.org]:2222;                web.example.org;  2223; false",
                "192.0.2.5,web.example.org;             web.example.org;  22;   true",
                "192.0.2.5,web.example.org;             192.0.2.5;        22;   true",
                "2001:db8::5;                           2001:db8::5;      22;   true",
                "2001:db8::5;                           [2001:DB8::5];    22;   true",
                "[2001:db8::5]:2222;                    2001:db8::5;      2222; true",
                "*.example.org;                         web.example.org;  22;   true",
                "*.example.org;                         example.org;      22;   false",
                "*.example.org;                         web.example.org;  2222; false",
                "[*.example.org]:2222;                  web.example.org;  2222; true",
                "*;                                     web.example.org;  2222; true",
                "web?.example.org;                      web1.example.org; 22;   true",
                "web?.example.org;                      web.example.org;  22;   false",
                "192.0.2.*;                             192.0.2.5;        22;   true",
                "*.example.org,!web.example.org;        web.example.org;  22;   false",
                "!web.example.org,*.example.org;        web.example.org;  22;   false",
                "*.example.org,!web.example.org;        db.example.org;   22;   true",
                "!web.example.org;                      db.example.org;   22;   false",
                "******************************x;       wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww; 22; false",
                "HASH;                                  web.example.org;  22;   true",
                "HASH;                                  Web.Example.org;  22;   true",
                "HASH;                                  web.example.org;  2222; false",
                "HASH;                                  db.example.org;   22;   false",
                "PORTHASH;                              web.example.org;  2222; true",
                "PORTHASH;                              web.example.org;  22;   false",
                "|1|no base64|;                         web.example.org;  22;   false",
                "|2|c2FsdA==|aGFzaA==;                  web.example.org;  22;   false",
                "|;                                     web.example.org;  22;   false",
            })
    void aLineIsAboutTheHostsThatItsFirstFieldNames(String field, String host, int port, boolean its) {
        String hosts = field.replace("PORTHASH", PORT_HASH).replace("HASH", HASH);
        Endpoint endpoint = new Endpoint(host, port, "root");
        for (String marker : new String[] {"", "@cert-authority ", "@revoked\t"}) {
            assertThat(KnownHost.isOf(marker + hosts + " " + KEY, endpoint)).isEqualTo(its);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "# web.example.org ssh-ed25519 AAAA", "@revoked", "@cert-authority "})
    void whatNamesNoHostIsAboutNone(String line) {
        assertThat(KnownHost.isOf(line, new Endpoint("web.example.org", 22, "root")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', NONE",
        "'web.example.org ', NONE",
        "'@cert-authority ', CERT_AUTHORITY",
        "'  @cert-authority  *.example.org ', CERT_AUTHORITY",
        "'@revoked ', REVOKED",
        "'@revoked * ', REVOKED",
    })
    void aMarkerSaysWhatTheKeyIsGoodFor(String before, KnownHost.Marker marker) {
        HostKey key = HostKey.parse(KEY).orElseThrow();
        assertThat(KnownHost.parse(before + KEY + " comment")).contains(new KnownHost(marker, key));
    }

    @Test
    void anotherMarkerIsNone() {
        assertThat(KnownHost.parse("@trusted * " + KEY)).isEmpty();
        assertThat(KnownHost.parse("@cert-authority *")).isEmpty();
    }
}
