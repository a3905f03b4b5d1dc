package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the machine is installed.
 *
 * @param phases which parts are carried out, in order; absent: all
 * @param kexec how the machine gets into the installer
 * @param diskMode which disk scripts run
 * @param wipePolicy whether a plan that destroys something needs an approval
 * @param approvedPlan hash of the plan that may be carried out
 * @param reinstallToken a changed value installs the machine again, subject to {@code wipePolicy}
 * @param encryptionKeys key material that the layout names by path
 * @param extraFiles files put on the installed system before its first boot
 * @param hostKeys the SSH host keys of the installed system
 * @param timeout longest time of a whole installation, without waiting for a person
 * @param stepTimeouts longest time of single steps
 * @param retries how often a step that failed for a passing reason is tried again
 */
@ValidationRule(
        value =
                "!has(self.phases) || self.phases == ['Kexec', 'Disks', 'Install', 'Reboot'].filter(p, p in self.phases)",
        message = "phases must be in the order Kexec, Disks, Install, Reboot, each at most once",
        fieldPath = ".phases")
@ValidationRule(
        value = "!has(self.phases) || !('Reboot' in self.phases) || 'Install' in self.phases",
        message = "Reboot needs Install: there would be nothing to boot",
        fieldPath = ".phases")
@ValidationRule(
        value = "!has(self.phases) || !('Kexec' in self.phases && 'Install' in self.phases) || 'Disks' in self.phases",
        message =
                "Install after Kexec needs Disks, as nothing is mounted in a fresh installer (diskMode: Mount mounts what is there)",
        fieldPath = ".phases")
public record Install(
        @Size(min = 1, max = 4) List<Phase> phases,
        Kexec kexec,
        @Default("DestroyFormatMount") DiskMode diskMode,
        @Default("RequireApproval") WipePolicy wipePolicy,
        @Nullable @Pattern("^[0-9a-f]{8,64}$") String approvedPlan,
        @Nullable @Size(min = 1, max = 128) @Pattern("^[ -~]*$") String reinstallToken,
        List<EncryptionKey> encryptionKeys,
        List<ExtraFile> extraFiles,
        InstalledHostKeys hostKeys,
        @Default("2h") @Pattern(GoDuration.PATTERN) GoDuration timeout,
        List<StepTimeout> stepTimeouts,
        @Default("5") @Min(0) @Max(100) Integer retries) {
    static final Install DEFAULT = new Install(
            List.of(),
            Kexec.DEFAULT,
            DiskMode.DestroyFormatMount,
            WipePolicy.RequireApproval,
            null,
            null,
            List.of(),
            List.of(),
            InstalledHostKeys.DEFAULT,
            GoDuration.of("2h"),
            List.of(),
            5);

    public Install {
        phases = Lists.orEmpty(phases);
        phases = phases.isEmpty() ? List.of(Phase.values()) : phases;
        kexec = kexec == null ? Kexec.DEFAULT : kexec;
        diskMode = diskMode == null ? DiskMode.DestroyFormatMount : diskMode;
        wipePolicy = wipePolicy == null ? WipePolicy.RequireApproval : wipePolicy;
        encryptionKeys = Lists.orEmpty(encryptionKeys);
        extraFiles = Lists.orEmpty(extraFiles);
        hostKeys = hostKeys == null ? InstalledHostKeys.DEFAULT : hostKeys;
        timeout = timeout == null ? GoDuration.of("2h") : timeout;
        stepTimeouts = Lists.orEmpty(stepTimeouts);
        retries = retries == null ? 5 : retries;
    }

    /** A part of the installation that can be left out. */
    public enum Phase {
        Kexec,
        Disks,
        Install,
        Reboot
    }

    /** Which disk scripts run. */
    public enum DiskMode {
        /** Everything on the planned disks is destroyed and made anew. */
        DestroyFormatMount,
        /** What is missing is created, the rest is kept. */
        FormatMount,
        /** Nothing is written; what is there is mounted. */
        Mount
    }

    /** Whether a person must approve. */
    public enum WipePolicy {
        /** A plan for disks that hold something waits for an approval. */
        RequireApproval,
        /** No approval is needed, except where the safety model demands one. */
        Allow
    }

    /**
     * How the machine gets into the installer.
     *
     * @param mode when kexec is done
     * @param image the archive; absent: that of nix-community/nixos-images
     * @param delivery how the archive gets onto the machine
     * @param extraFlags more words for kexec, handed to the image's {@code kexec/run} as {@code --kexec-extra-flags}
     */
    @ValidationRule(
            value = "!(has(self.delivery) && self.delivery == 'Download' && has(self.image) && has(self.image.path))",
            message =
                    "a file of the operator (image.path) cannot be downloaded by the machine: delivery must be Auto or Upload",
            fieldPath = ".delivery")
    public record Kexec(
            @Default("Auto") Mode mode,
            @Nullable Image image,
            @Default("Auto") Delivery delivery,
            @Size(max = 16) List<@Size(min = 1, max = 128) @Pattern(FLAG) String> extraFlags) {
        /** One word of letters, digits and {@code _=,.:/+@%-}: the image's script hands it to a shell as it is. */
        static final String FLAG = "^[A-Za-z0-9_=,.:/+@%-]+$";

        static final Kexec DEFAULT = new Kexec(Mode.Auto, null, Delivery.Auto, List.of());

        public Kexec {
            mode = mode == null ? Mode.Auto : mode;
            delivery = delivery == null ? Delivery.Auto : delivery;
            extraFlags = Lists.orEmpty(extraFlags);
        }

        /** When kexec is done. */
        public enum Mode {
            /** Unless the machine is an installer already. */
            Auto,
            /** Once in an installation, also from an installer that runs already. */
            Always,
            /** Never: the machine must be an installer already. */
            Never
        }

        /** How the image gets onto the machine. */
        public enum Delivery {
            /** The machine downloads where it has curl or wget and the image has a URL; else the operator uploads. */
            Auto,
            /** The machine downloads. */
            Download,
            /** The operator downloads (or reads {@code path}) and uploads. */
            Upload
        }

        /**
         * The kexec archive, in the layout of nix-community/nixos-images.
         *
         * @param url where it is downloaded from
         * @param sha256 checked before the archive is unpacked
         * @param path a file in a volume of the operator, uploaded
         */
        @ValidationRule(value = "has(self.url) != has(self.path)", message = "give exactly one of url and path")
        public record Image(
                @Nullable @Size(max = 2048) @Pattern("^https?://[^\\s'\"]+$") String url,
                @Nullable @Pattern("^[0-9a-f]{64}$") String sha256,
                @Nullable @Size(max = 1024) @Pattern("^/.*$") String path) {}
    }

    /**
     * Key material for encrypted disks, written to the installer's tmpfs with mode 0400 before the disks are made and
     * removed after the installation.
     *
     * @param path where the layout expects it ({@code passwordFile}, {@code keyFile}, {@code additionalKeyFiles})
     * @param stripNewline drop one trailing newline, which editors add and a typed passphrase does not have
     */
    @ValidationRule(
            value = "!self.path.contains('/../') && !self.path.endsWith('/..')",
            message = "path must not contain ..",
            fieldPath = ".path")
    public record EncryptionKey(
            @Required @Size(max = 256) @Pattern("^/(tmp|run)/[A-Za-z0-9._/-]+$") String path,
            @Required KeyRef secretKeyRef,
            @Default("true") Boolean stripNewline) {
        public EncryptionKey {
            stripNewline = stripNewline == null || stripNewline;
        }
    }

    /**
     * A file (or every key of a Secret as a file) of the installed system.
     *
     * @param path absolute, in the installed system; with {@code secretRef} a directory
     * @param mode octal, such as {@code 0600}
     * @param owner {@code uid:gid}
     */
    @ValidationRule(
            value = "[has(self.secretKeyRef), has(self.configMapKeyRef), has(self.secretRef)].filter(x, x).size() == 1",
            message = "give exactly one of secretKeyRef, configMapKeyRef and secretRef")
    @ValidationRule(
            value = "!self.path.contains('/../') && !self.path.endsWith('/..')",
            message = "path must not contain ..",
            fieldPath = ".path")
    public record ExtraFile(
            @Required @Size(min = 2, max = 1024) @Pattern("^/[^\\x00\\n]+$") String path,
            @Nullable KeyRef secretKeyRef,
            @Nullable KeyRef configMapKeyRef,
            @Nullable LocalRef secretRef,
            @Default("0600") @Pattern("^0?[0-7]{3,4}$") String mode,
            @Default("0:0") @Pattern("^[0-9]{1,10}:[0-9]{1,10}$") String owner) {
        public ExtraFile {
            mode = mode == null ? "0600" : mode;
            owner = owner == null ? "0:0" : owner;
        }
    }

    /**
     * The SSH host keys of the installed system.
     *
     * @param secretRef with {@code FromSecret}: a Secret with keys such as {@code ssh_host_ed25519_key}
     */
    @ValidationRule(
            value = "has(self.secretRef) == (has(self.policy) && self.policy == 'FromSecret')",
            message = "secretRef goes with policy FromSecret, and only with it")
    public record InstalledHostKeys(@Default("Preserve") Policy policy, @Nullable LocalRef secretRef) {
        static final InstalledHostKeys DEFAULT = new InstalledHostKeys(Policy.Preserve, null);

        public InstalledHostKeys {
            policy = policy == null ? Policy.Preserve : policy;
        }

        /** Where the host keys come from. */
        public enum Policy {
            /** The machine keeps the keys it has. */
            Preserve,
            /** New ones are made in the installer, and demanded after the reboot. */
            Generate,
            /** They come from a Secret. */
            FromSecret
        }
    }

    /** The longest time of one step. */
    public record StepTimeout(@Required Step step, @Required @Pattern(GoDuration.PATTERN) GoDuration timeout) {}
}
