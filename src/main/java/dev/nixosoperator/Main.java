package dev.nixosoperator;

import dev.nixosoperator.cli.ImportCommand;
import dev.nixosoperator.cli.PlanCommand;
import dev.nixosoperator.cli.RenderCommand;
import dev.nixosoperator.cli.ValidateCommand;
import dev.nixosoperator.controller.Limits;
import dev.nixosoperator.phase.Settings;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. Without a sub-command the operator runs. */
@Command(
        name = "nixos-operator",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Installs NixOS on machines that NixosMachine objects describe.",
        subcommands = {
            Main.Run.class,
            ValidateCommand.class,
            RenderCommand.class,
            PlanCommand.class,
            ImportCommand.class
        })
public final class Main implements Callable<Integer> {
    @CommandLine.Mixin
    private final Options options = new Options();

    public static void main(String[] args) {
        int status = commandLine().execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setDefaultValueProvider(argument ->
                        argument instanceof CommandLine.Model.OptionSpec option ? environment(option) : null);
    }

    private static @Nullable String environment(CommandLine.Model.OptionSpec option) {
        String variable =
                option.longestName().replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
        String value = OperatorConfig.environment(variable, "");
        return value.isEmpty() ? null : value;
    }

    @Override
    public Integer call() throws Exception {
        return options.run();
    }

    /** The same by name. */
    @Command(name = "run", mixinStandardHelpOptions = true, description = "Runs the operator (the default).")
    static final class Run implements Callable<Integer> {
        @CommandLine.Mixin
        private final Options options = new Options();

        @Override
        public Integer call() throws Exception {
            return options.run();
        }
    }

    /** Flags of the operator; each may be given as NIXOS_OPERATOR_… in the environment. */
    static final class Options {
        @Option(
                names = "--namespaces",
                defaultValue = "",
                description = "Watch only these namespaces, separated by commas (default: all).")
        private String namespaces = "";

        @Option(
                names = "--metrics-port",
                defaultValue = "8080",
                description = "Port of /metrics, /healthz and /readyz (${DEFAULT-VALUE}).")
        private int metricsPort;

        @Option(
                names = "--max-steps",
                defaultValue = "64",
                description = "How many machines are worked on at the same time (${DEFAULT-VALUE}).")
        private int maxSteps;

        @Option(
                names = "--max-connects",
                defaultValue = "32",
                description = "How many SSH connections are opened at the same time (${DEFAULT-VALUE}).")
        private int maxConnects;

        @Option(
                names = "--max-uploads",
                defaultValue = "4",
                description = "To how many machines the installer is uploaded at the same time (${DEFAULT-VALUE}).")
        private int maxUploads;

        @Option(
                names = "--kexec-image-url",
                defaultValue = Settings.DEFAULT_KEXEC_IMAGE,
                description = "Installer archive where a machine names none; <arch> is replaced (${DEFAULT-VALUE}).")
        private String kexecImage = "";

        @Option(
                names = "--cache-dir",
                defaultValue = "/var/cache/nixos-operator",
                description = "Where downloaded archives are kept (${DEFAULT-VALUE}).")
        private Path cacheDir = Path.of("");

        @Option(names = "--leader-election", description = "Several replicas may run, of which one works.")
        private boolean leaderElection;

        @Option(
                names = "--lease-namespace",
                defaultValue = "",
                description = "Namespace of the lease (default: the one that the operator runs in).")
        private String leaseNamespace = "";

        OperatorConfig config() {
            return new OperatorConfig(
                    OperatorConfig.names(namespaces),
                    metricsPort,
                    new Limits(maxSteps, maxConnects, maxUploads),
                    kexecImage,
                    cacheDir,
                    leaderElection,
                    leaseNamespace);
        }

        int run() throws Exception {
            return untilTold(RunningOperator.start(config()));
        }
    }

    /** Until the process is told to end. Jobs on machines are detached and go on; they are found again. */
    static int untilTold(RunningOperator operator) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            operator.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
        return 0;
    }

    /** What the jar's manifest says. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"nixos-operator " + (version == null ? "development" : version)};
        }
    }
}
