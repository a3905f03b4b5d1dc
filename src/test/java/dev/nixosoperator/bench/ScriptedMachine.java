package dev.nixosoperator.bench;

import dev.nixosoperator.bench.ScriptedHost.Call;
import dev.nixosoperator.remote.CommandResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A {@link ScriptedHost} that answers what the steps ask a machine: what it says of itself, its disks, and that all went
 * well. Where it is (an old system, the installer, the installed system) is changed from outside.
 */
public class ScriptedMachine {
    public static final String INSTALLER_BOOT = "22222222-boot";
    public static final String OLD_BOOT = "11111111-boot";

    public final ScriptedHost host = new ScriptedHost();
    /** What {@code situation.sh} and {@code facts.sh} print. */
    public final Map<String, String> says = new TreeMap<>();
    /** What {@code block-devices.sh} prints. */
    public String disks = disks(true, "5368709120");

    public ScriptedMachine() {
        debian();
        host.whenScript("situation.sh").does(call -> new CommandResult.Exited(0, said(), ""));
        host.whenScript("facts.sh").does(call -> new CommandResult.Exited(0, said(), ""));
        host.whenScript("block-devices.sh").does(call -> new CommandResult.Exited(0, disks, ""));
        host.whenScript("missing-tools").exits(0, "");
        host.whenScript("has-key").exits(1, "");
        host.whenProgram("cat").exits(1, "");
        host.whenScript("receive.sh").exits(0, "dir=/root/nixos-operator-op-1\n");
        host.whenScript("traces.sh").exits(0, "--- the kernel in this boot\nkexec_core: Starting new kernel\n");
        host.whenScript("place-file.sh").exits(0, "");
        host.whenScript("host-keys.sh").exits(0, "key=" + ScriptedConnector.HOST_KEY.openSsh() + "\n");
        host.whenScript("room.sh").exits(0, "free=4194304\n");
        host.whenScript("unlocks.sh").exits(0, "");
        host.whenScript("authorize-key.sh").exits(0, "");
        host.whenScript("brought-files.sh").exits(0, "");
        host.whenScript("mark-installed.sh").exits(0, "");
        host.whenScript("reboot.sh").exits(0, "reboot=accepted\n");
    }

    public final void debian() {
        says.clear();
        says.putAll(Map.of(
                "kernel", "Linux",
                "kernel.release", "6.1",
                "architecture", "x86_64",
                "os.ID", "debian",
                "os.PRETTY_NAME", "Debian",
                "boot_id", OLD_BOOT,
                "machine_id", "m1",
                "dmi_uuid", "d1",
                "situation.end", "yes"));
        says.putAll(Map.of("uid", "0", "memory.total", "1024", "boot_mode", "BIOS", "facts.end", "yes"));
        says.putAll(Map.of(
                "container", "none",
                "kexec.core", "yes",
                "kexec.disabled", "0",
                "kexec.lockdown", "none",
                "secure_boot", "no",
                "xen_pv", "no"));
        says.putAll(Map.of(
                "net.device", "eth0",
                "net.kind", "ethernet",
                "net.local", "192.0.2.5",
                "net.dynamic", "no",
                "net.port", "yes",
                "net.addresses", "192.0.2.5@eth0 fe80::5@eth0"));
        for (String tool : List.of("tar", "cpio", "gzip", "setsid", "flock", "base64", "sha256sum", "mktemp", "curl")) {
            says.put("tool." + tool, "yes");
        }
    }

    public final void installer() {
        debian();
        says.putAll(Map.of(
                "os.ID",
                "nixos",
                "os.VARIANT_ID",
                "installer",
                "boot_id",
                INSTALLER_BOOT,
                "tool.nix",
                "yes",
                "tool.nix-store",
                "yes",
                "tool.nixos-install",
                "yes"));
    }

    /** In the installer, the disks made and mounted. */
    public final void mounted(String marker) {
        installer();
        says.put("marker.disk", marker);
        says.put("marker.run", marker);
        says.put("mounted", "yes");
    }

    public final void installed(String toplevel, String marker) {
        debian();
        says.putAll(Map.of("os.ID", "nixos", "boot_id", "33333333-boot", "system.current", toplevel));
        says.put("marker.disk", marker);
    }

    /** One blank disk, or one with an old filesystem. */
    public static String disks(boolean blank, String size) {
        return """
                {"version":1,"lsblk":{"blockdevices":[{"name":"vda","kname":"vda","path":"/dev/vda","type":"disk",
                "size":%s,"serial":"S1","ro":false}]},"probes":[{"kname":"vda","blkid":%d,"ptuuid":"",
                "signatures":{"signatures":[%s]},"zeroFirst":%b,"zeroLast":true,"serial":"S1"}],
                "links":[{"link":"/dev/disk/by-id/virtio-S1","target":"/dev/vda"}],"pvs":[]}"""
                .formatted(
                        size,
                        blank ? 2 : 0,
                        blank ? "" : "{\"type\":\"ext4\",\"uuid\":\"u1\",\"offset\":\"0x438\"}",
                        blank);
    }

    /** Nix finds every system at http://cache, signed by nobody we need to care for, and none under /mnt. */
    public final void cacheHolds(boolean contentAddressed) {
        host.when(call -> call.argv().getFirst().equals("nix"))
                .does(call -> new CommandResult.Exited(1, "", "error: path is not valid"));
        host.when(call -> call.argv().getFirst().equals("nix") && call.argv().contains("http://cache"))
                .does(call -> new CommandResult.Exited(
                        0,
                        call.argv().contains("cat") ? "x86_64-linux" : pathInfo(storePath(call), contentAddressed),
                        ""));
    }

    private static String storePath(Call call) {
        return call.argv().stream()
                .filter(word -> word.startsWith("/nix/store/"))
                .findFirst()
                .orElseThrow();
    }

    private static String pathInfo(String path, boolean contentAddressed) {
        return "{\"%s\":{\"narHash\":\"sha256-%s=\",\"narSize\":4096,\"references\":[],\"signatures\":%s%s}}"
                .formatted(
                        path,
                        "A".repeat(43),
                        contentAddressed ? "[]" : "[\"other-1:AAAA\"]",
                        contentAddressed ? ",\"ca\":\"fixed:r:sha256:x\"" : "");
    }

    /** The store under /mnt holds the system from now on. */
    public final void copied(String toplevel) {
        host.when(call -> call.argv().contains("local?root=/mnt")).exits(0, toplevel);
    }

    /** Its profile and a boot entry name the system from now on. */
    public final void profile(String toplevel) {
        host.whenScript("installed.sh")
                .exits(
                        0,
                        "profile=%s\nboot=yes\nfirmware=BIOS\narchitecture=x86_64\nloader.bios=yes\n"
                                .formatted(toplevel));
    }

    private String said() {
        return says.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
