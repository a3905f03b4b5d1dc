package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Install.Kexec;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Stdin;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gets the kexec archive to the machine: uploaded by the operator, or told to the machine that it may download. */
final class Archives {
    private static final Script RECEIVE = Script.load("receive.sh");
    private static final String NO_TURN = "no turn to upload the installer came in time: too many machines get it from"
            + " the operator; let more upload at the same time (--max-uploads), or machines download it (kexec.delivery)";
    /** What a downloaded archive of unknown size and its content may take. */
    private static final long UNKNOWN_KIB = 1200L << 10;

    private static final String GITHUB = "https://github.com/";
    /** The same files by IPv6, which GitHub does not speak; nixos-anywhere takes them there, too. */
    private static final String GITHUB_V6 = "https://gh-v6.com/";

    private final Settings settings;
    private final Images images;

    Archives(Settings settings, Images images) {
        this.settings = settings;
        this.images = images;
    }

    /** The archive of a machine: exactly one of a URL and a file of the operator. */
    record Source(@Nullable String url, @Nullable String path, @Nullable String sha256) {
        static Source of(NixosMachineSpec spec, Settings settings, String architecture) {
            Kexec.Image image = spec.install().kexec().image();
            return image == null
                    ? new Source(settings.kexecImage().replace("<arch>", architecture), null, null)
                    : new Source(image.url(), image.path(), image.sha256());
        }

        /** The program that unpacks it, as far as its name tells; what it is in truth shows once it is there. */
        String packer() {
            String name = String.valueOf(url == null ? path : url).replaceFirst("[?#].*", "");
            return name.endsWith(".xz") || name.endsWith(".txz") ? "xz" : name.endsWith(".zst") ? "zstd" : "";
        }
    }

    /** The archive on the machine or to be downloaded there, or why not. */
    sealed interface Delivery {
        /** An empty URL: it was uploaded. An empty checksum: not known. */
        record Ready(String directory, String url, String sha256) implements Delivery {}

        record Not(Failed failure) implements Delivery {}
    }

    Delivery deliver(StepContext context, Visit visit, Says says) {
        Source source = Source.of(context.spec(), settings, visit.reading().get("architecture"));
        String url = source.url();
        if (url != null && downloads(context, visit.reading(), url)) {
            says.message("the machine downloads the installer");
            return received(context, visit, UNKNOWN_KIB, null, reachable(visit.reading(), url), source.sha256());
        }
        says.message("getting the installer");
        Images.Image image = url == null
                ? images.local(String.valueOf(source.path()), source.sha256())
                : downloaded(context, url, source.sha256());
        return switch (image) {
            case Images.Image.Not not -> new Delivery.Not(not.failure());
            case Images.Image.File file -> {
                Stdin archive = Stdin.of(file.size(), () -> Files.newInputStream(file.path()))
                        .withProgress(says.uploading(file.size(), "uploading the installer"));
                yield received(context, visit, 3 * file.size() / 1024, archive, "", file.sha256());
            }
        };
    }

    /** The operator's own; other machines may be worked on meanwhile. */
    private Images.Image downloaded(StepContext context, String url, @Nullable String sha256) {
        context.turns().away();
        Images.Image image = images.download(url, sha256, left(context), context.cancelled());
        context.turns().back();
        return image;
    }

    private static boolean downloads(StepContext context, Reading reading, String url) {
        boolean tool = reading.yes("tool.curl") || reading.yes("tool.wget");
        return switch (context.spec().install().kexec().delivery()) {
            case Download -> true;
            case Upload -> false;
            case Auto -> tool && reachable(reading, url).equals(url);
        };
    }

    private static String reachable(Reading reading, String url) {
        return reading.yes("ipv6_only") && url.startsWith(GITHUB) ? GITHUB_V6 + url.substring(GITHUB.length()) : url;
    }

    private static Duration left(StepContext context) {
        return Duration.between(context.clock().instant(), context.deadline());
    }

    /** Finds a directory for the archive, and uploads it there where it is not downloaded. */
    private static Delivery received(
            StepContext context,
            Visit visit,
            long needKib,
            @Nullable Stdin archive,
            String url,
            @Nullable String sha256) {
        String size = archive == null ? "-" : Long.toString(archive.length());
        Command command = Command.script(
                RECEIVE, Long.toString(needKib), Operations.of(context).id(), size);
        CommandResult result = archive == null
                ? visit.host().run(inTime(context, command))
                : uploaded(context, visit, command.withStdin(archive));
        if (result == null) {
            return new Delivery.Not(Failed.of(Reason.OperatorBusy, NO_TURN));
        }
        String directory = result instanceof CommandResult.Exited exited && exited.code() == 0
                ? Reading.parse(exited.out()).get("dir")
                : "";
        if (!directory.isEmpty()) {
            return new Delivery.Ready(directory, url, sha256 == null ? "" : sha256);
        }
        return new Delivery.Not(new Failed(
                result.ended() ? Reason.KexecFailed : Reason.ConnectionLost,
                "the installer did not get onto the machine: " + result.summary(),
                List.of(),
                visit.seen()));
    }

    /** Null where its turn did not come. */
    private static @Nullable CommandResult uploaded(StepContext context, Visit visit, Command upload) {
        new Says(context, Step.Kexec).message("waits for its turn to upload the installer");
        CommandResult result = context.turns()
                .uploading(() -> visit.host().run(inTime(context, upload)))
                .orElse(null);
        context.turns().back();
        return result;
    }

    private static Command inTime(StepContext context, Command command) {
        Duration left = left(context);
        return command.withTimeout(left.compareTo(Duration.ofSeconds(30)) > 0 ? left : Duration.ofSeconds(30));
    }
}
