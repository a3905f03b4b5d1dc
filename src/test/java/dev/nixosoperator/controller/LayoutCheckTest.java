package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class LayoutCheckTest {
    /** It is a layout, and is rendered; a machine cannot live on it. */
    @Test
    void onlyAMachineNeedsARoot() throws Exception {
        JsonNode data = new ObjectMapper()
                .readTree(
                        """
                        {"disk": {"a": {"device": "/dev/sda", "content": {"type": "filesystem", "format": "ext4", "mountpoint": "/data"}}}}
                        """);
        LayoutCheck check = LayoutCheck.of(data);
        assertThat(check.problem()).isEmpty();
        assertThat(check.hash()).isNotNull();
        assertThat(check.summary()).containsExactly("/data");
        LayoutCheck forMachine = LayoutCheck.forMachine(data);
        assertThat(forMachine.hash()).isNull();
        assertThat(forMachine.problem()).startsWith("spec.devices: no root file system");
    }
}
