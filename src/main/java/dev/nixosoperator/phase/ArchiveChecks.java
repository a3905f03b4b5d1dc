package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Install.Kexec.Delivery;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.Check.Verdict;
import java.util.List;

/** Whether the machine can take the kexec archive: get it and unpack it. */
final class ArchiveChecks {
    private ArchiveChecks() {}

    static List<Check> all() {
        return List.of(Check.beforeKexec("Archive", ArchiveChecks::archive));
    }

    private static Verdict archive(Examination machine) {
        Reading reading = machine.reading();
        String packer = machine.image().packer();
        if (!packer.isEmpty() && !reading.yes("tool." + packer)) {
            return new Verdict.Failed(
                    Reason.MissingTool,
                    "the kexec archive is packed with %1$s, which is not on this machine; install %1$s, or give an archive in .tar.gz in spec.install.kexec.image"
                            .formatted(packer));
        }
        boolean downloads = machine.spec().install().kexec().delivery() == Delivery.Download;
        return downloads && !reading.yes("tool.curl") && !reading.yes("tool.wget")
                ? new Verdict.Failed(
                        Reason.MissingTool,
                        "the machine has neither curl nor wget to download the installer; install one, or leave spec.install.kexec.delivery at Auto")
                : new Verdict.Passed("the machine can get and unpack the kexec archive");
    }
}
