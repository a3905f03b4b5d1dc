package dev.nixosoperator.bench;

import dev.nixosoperator.bench.LivingMachine.Format;
import dev.nixosoperator.remote.CommandResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a {@link LivingMachine} runs, has on its disk and in its memory, and what jobs make of that. Guarded by its lock. */
final class LivingSystem {
    /** Between the last word and the end of the connections. */
    private static final Duration LEAVING = Duration.ofMillis(150);

    private enum Running {
        OTHER_LINUX,
        INSTALLER,
        INSTALLED
    }

    /** @param length of the silence */
    private record Boot(Running what, BooleanSupplier due, Duration length) {}

    private final String name;
    private final ScriptedMachine machine;
    private final LivingMachine.Tempo tempo;
    private final Consumer<Format> witness;
    private final Runnable hangUp;
    private final List<Format> formats = new ArrayList<>();

    private Running running = Running.OTHER_LINUX;
    private int boots;
    private BooleanSupplier up = () -> true;
    private @Nullable Boot coming;

    // On the disk.
    private boolean blank = true;
    private String diskMarker = "";
    private String copied = "";
    private String profile = "";

    // In memory.
    private String runMarker = "";
    private boolean mounted;

    private @Nullable String jobFails;
    private int exitCode;

    /** @param hangUp ends all connections */
    LivingSystem(
            String name,
            ScriptedMachine machine,
            LivingMachine.Tempo tempo,
            Consumer<Format> witness,
            Runnable hangUp) {
        this.name = name;
        this.machine = machine;
        this.tempo = tempo;
        this.witness = witness;
        this.hangUp = hangUp;
        machine.cacheHolds(true);
        ScriptedHost host = machine.host;
        host.jobs().plannedBy(this::planned);
        host.when(call -> call.argv().contains("local?root=/mnt"))
                .does(call -> new CommandResult.Exited(call.argv().contains(copied) ? 0 : 1, copied, ""));
        host.whenScript("mark-installed.sh").does(call -> marked(call.stdinText()));
        host.whenScript("reboot.sh").does(call -> rebooted());
        show();
    }

    List<Format> formats() {
        return List.copyOf(formats);
    }

    boolean isUp() {
        return up.getAsBoolean();
    }

    void losesPower() {
        settle();
        boot(new Boot(fromDisk(), () -> true, tempo.boot()));
    }

    /** @param how null: it will not */
    void failsNext(int code, @Nullable String how) {
        exitCode = code;
        jobFails = how;
    }

    /** What has happened by now. */
    void settle() {
        machine.host.jobs().settle();
        if (coming != null && coming.due().getAsBoolean()) {
            boot(coming);
        }
    }

    private void boot(Boot boot) {
        coming = null;
        running = boot.what();
        boots++;
        runMarker = "";
        mounted = false;
        machine.host.jobs().restart();
        up = over(boot.length());
        hangUp.run();
        show();
    }

    static BooleanSupplier over(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        return () -> System.nanoTime() - end >= 0;
    }

    private Running fromDisk() {
        return diskMarker.contains("\"state\":\"INSTALLED\"") ? Running.INSTALLED : Running.OTHER_LINUX;
    }

    private void show() {
        switch (running) {
            case OTHER_LINUX -> machine.debian();
            case INSTALLER -> machine.installer();
            case INSTALLED -> machine.installed(profile, diskMarker);
        }
        machine.says.put("boot_id", name + "-boot-" + boots);
        machine.says.put("machine_id", name);
        machine.says.put(
                "dmi_uuid",
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
        tell("marker.disk", diskMarker);
        tell("marker.run", runMarker);
        tell("mounted", mounted ? "yes" : "");
        machine.disks = ScriptedMachine.disks(blank, "5368709120").replace("\"u1\"", "\"u" + formats.size() + "\"");
    }

    private void tell(String key, String value) {
        if (!value.isEmpty()) {
            machine.says.put(key, value);
        }
    }

    private ScriptedJobs.Plan planned(ScriptedJobs.Started job) {
        ScriptedJobs.Plan plan = new ScriptedJobs.Plan().when(over(tempo.job()));
        String kind = job.id().step().replaceFirst("-[0-9]+$", "");
        String failure = jobFails;
        if (kind.equals("disks")) {
            return disks(plan, job.owner(), job.args());
        }
        if (failure != null) {
            jobFails = null;
            return plan.exits(exitCode, failure + "\n");
        }
        return switch (kind) {
            case "kexec" ->
                plan.exits(0, "machine will boot into nixos in 6s...\n").with(() -> leave(Running.INSTALLER));
            case "mount" -> mount(plan, job.args());
            case "copy" ->
                plan.exits(0, "copying path 'x' from 'y'\n")
                        .with(() -> copied = job.args().getFirst());
            case "install" ->
                plan.exits(0, "installation finished!\n")
                        .with(() -> installs(job.args().getFirst()));
            default -> throw new AssertionError("no such job: " + job.id());
        };
    }

    private void leave(Running next) {
        coming = new Boot(next, over(LEAVING), tempo.boot());
    }

    /** As disks.sh does with OPERATION PLAN MODE SCRIPTS STARTED DONE. */
    private ScriptedJobs.Plan disks(ScriptedJobs.Plan plan, String owner, List<String> args) {
        if (runMarker.contains("\"operation\":\"" + args.get(0) + "\"") || isFinished(diskMarker, args)) {
            return plan.exits(1, "::failed begun\n");
        }
        Format format = new Format(owner, args.get(0), args.get(1), diskMarker);
        witness.accept(format);
        formats.add(format);
        blank = false;
        diskMarker = "";
        copied = "";
        profile = "";
        runMarker = args.get(4);
        show();
        String failure = jobFails;
        if (failure != null) {
            jobFails = null;
            return plan.exits(exitCode, failure + "\n::failed format\n");
        }
        return plan.exits(0, "::step 1/3 destroy\n").with(() -> made(args.get(5)));
    }

    private ScriptedJobs.Plan mount(ScriptedJobs.Plan plan, List<String> args) {
        if (isFinished(diskMarker, args)) {
            return plan.exits(0, "").with(() -> made(diskMarker));
        }
        return isFinished(runMarker, args)
                ? plan.exits(0, "").with(() -> made(args.get(5)))
                : plan.exits(1, "::failed marker\n");
    }

    private void made(String marker) {
        diskMarker = marker;
        runMarker = marker;
        mounted = true;
        show();
    }

    private static boolean isFinished(String marker, List<String> args) {
        return marker.contains("\"operation\":\"" + args.get(0) + "\"")
                && marker.contains("\"planHash\":\"" + args.get(1) + "\"")
                && !marker.contains("\"state\":\"FORMAT_STARTED\"");
    }

    private void installs(String toplevel) {
        profile = toplevel;
        machine.profile(toplevel);
    }

    private CommandResult marked(String marker) {
        diskMarker = marker;
        runMarker = marker;
        show();
        return new CommandResult.Exited(0, "", "");
    }

    private CommandResult rebooted() {
        mounted = false;
        show();
        leave(fromDisk());
        return new CommandResult.Exited(0, "reboot=accepted\n", "");
    }
}
