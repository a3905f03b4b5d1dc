package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.lifecycle.Marker.State;
import dev.nixosoperator.lifecycle.Situation.Running;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One machine with one disk: what runs on it, what is on the disk, what is in the tmpfs of the present boot. */
final class SimulatedMachine {
    static final String DMI = "dmi-1";

    private final SplittableRandom random;
    private int boots;
    private int contents;

    boolean up = true;
    Running running = Running.FOREIGN_LINUX;
    String bootId = "boot-0";
    String dmi = DMI;
    /** Changes with every write to the disk that a probe would notice; 0: empty. */
    int content = 1;
    /** The old Linux boots from another disk than the planned one, so that it comes back after a reset. */
    boolean foreignLinuxElsewhere;

    @Nullable
    Marker diskMarker;

    @Nullable
    Marker runMarker;

    @Nullable
    DisksJob job;

    /** The note of a build on the disk. */
    @Nullable
    FlakeSource built;

    boolean mounted;
    String system = "old";

    SimulatedMachine(SplittableRandom random) {
        this.random = random;
    }

    /** The detached job of the Disks step. */
    static final class DisksJob {
        final Marker started;
        boolean ended;

        DisksJob(Marker started) {
            this.started = started;
        }
    }

    /** {@code lookAtDisks}: an installer or rescue system sees the marker on filesystems that are not mounted. */
    Situation situation() {
        return new Situation(
                running,
                bootId,
                "machine-id",
                dmi,
                runMarker,
                diskMarker,
                mounted,
                running == Running.NIXOS ? system : null,
                null);
    }

    void kexecIntoInstaller() {
        boot(Running.INSTALLER);
    }

    /** Power cut, reset or reboot: what comes up is what the disk holds, or what the firmware finds elsewhere. */
    void reset() {
        if (diskMarker != null && diskMarker.state() == State.INSTALLED) {
            boot(Running.NIXOS);
        } else if (content == 1 || foreignLinuxElsewhere) {
            boot(Running.FOREIGN_LINUX);
        } else if (random.nextBoolean()) {
            boot(Running.INSTALLER);
        } else {
            boot(Running.FOREIGN_LINUX);
            up = false;
        }
    }

    /** Somebody boots an installer by hand. */
    void rescue() {
        boot(Running.INSTALLER);
    }

    private void boot(Running what) {
        up = true;
        running = what;
        bootId = "boot-" + ++boots;
        runMarker = null;
        job = null;
        mounted = false;
    }

    /** The first write of the job: from now on what was on the disk is gone. */
    void beginFormat(Marker started) {
        contents++;
        content = 100 + contents;
        diskMarker = null;
        built = null;
        mounted = false;
        runMarker = started;
        job = new DisksJob(started);
    }

    void finishJob() {
        if (job != null && !job.ended) {
            diskMarker = at(job.started, State.FORMAT_DONE, null);
            runMarker = diskMarker;
            mounted = true;
            job.ended = true;
        }
    }

    void install(String toplevel, @Nullable String token) {
        Marker marker = diskMarker;
        if (marker != null) {
            diskMarker = new Marker(
                    marker.uid(),
                    marker.namespace(),
                    marker.name(),
                    marker.operation(),
                    marker.planHash(),
                    marker.layoutHash(),
                    token,
                    dmi,
                    State.INSTALLED,
                    toplevel,
                    marker.builtFrom(),
                    marker.time());
            runMarker = diskMarker;
            system = toplevel;
        }
    }

    static Marker at(Marker marker, State state, @Nullable String toplevel) {
        return new Marker(
                marker.uid(),
                marker.namespace(),
                marker.name(),
                marker.operation(),
                marker.planHash(),
                marker.layoutHash(),
                marker.reinstallToken(),
                marker.dmiUuid(),
                state,
                toplevel,
                marker.builtFrom(),
                marker.time());
    }
}
