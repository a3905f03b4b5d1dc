package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributePathTest {
    private static final String TOPLEVEL = ".config.system.build.toplevel";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    web-1                                                    | nixosConfigurations.web-1.config.system.build.toplevel
                    "web.example.org"                                        | nixosConfigurations."web.example.org".config.system.build.toplevel
                    1st                                                      | nixosConfigurations."1st".config.system.build.toplevel
                    nixosConfigurations.web-1                                | nixosConfigurations.web-1.config.system.build.toplevel
                    nixosConfigurations."web-1".config                       | nixosConfigurations.web-1.config.system.build.toplevel
                    nixosConfigurations."web-1".config.system.build.toplevel | nixosConfigurations.web-1.config.system.build.toplevel
                    colmenaHive.nodes.web-1                                  | colmenaHive.nodes.web-1.config.system.build.toplevel
                    nixosConfigurations.a.config.virtualisation.vmVariant    | nixosConfigurations.a.config.virtualisation.vmVariant.system.build.toplevel
                    nixosConfigurations.a.config.virtualisation.vmVariantWithBootLoader | nixosConfigurations.a.config.virtualisation.vmVariantWithBootLoader.system.build.toplevel
                    nixosConfigurations.a.config.specialisation.b.configuration | nixosConfigurations.a.config.specialisation.b.configuration.system.build.toplevel
                    packages.x86_64-linux.web-1                              | packages.x86_64-linux.web-1
                    web.example.org                                          | web.example.org
                    """)
    void meansTheToplevelOf(String text, String toplevel) {
        assertThat(AttributePath.parse(text).orElseThrow().toplevel()).hasToString(toplevel);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "a.", ".a", "a..b", "\"\"", "a.\"\"", "\"a", "a\"b\"", "\"a\"b", "a.b\"", "a\nb", "a\0b"
            })
    void refused(String text) {
        assertThat(AttributePath.parse(text)).isEmpty();
    }

    /** Between quotes nothing means anything but itself, and nothing gets out of the fragment of a URL. */
    @Test
    void oddNamesStayNames() {
        AttributePath odd =
                AttributePath.parse("\"a b${x}^&#%?\"").orElseThrow().toplevel();
        assertThat(odd.names()).contains("a b${x}^&#%?");
        assertThat(odd).hasToString("nixosConfigurations.\"a b${x}^&#%?\"" + TOPLEVEL);
        assertThat(odd.fragment()).isEqualTo("nixosConfigurations.%22a%20b%24%7Bx%7D%5E%26%23%25%3F%22" + TOPLEVEL);
        assertThat(AttributePath.parse("ä").orElseThrow().fragment()).isEqualTo("%22%C3%A4%22");
        assertThat(AttributePath.parse("a".repeat(513))).isEmpty();
    }
}
