package dev.nixosoperator;

import dev.nixosoperator.bench.FleetConnector;
import dev.nixosoperator.phase.Pause;
import dev.nixosoperator.phase.Steps;
import picocli.CommandLine;

/**
 * The operator with real steps, to be started as a process of its own: only its machines are those of a {@link
 * dev.nixosoperator.bench.Fleet}, whose port is the system property {@code fleet}. Takes the flags of {@link Main}.
 */
final class FleetOperator {
    private FleetOperator() {}

    public static void main(String[] args) throws Exception {
        Main.Options options = new Main.Options();
        new CommandLine(options).parseArgs(args);
        OperatorConfig config = options.config();
        Steps steps = new Steps(config.settings(), Pause.PARKED);
        RunningOperator.Outside outside = new RunningOperator.Outside(
                io.fabric8.kubernetes.client.Config.autoConfigure(null),
                new FleetConnector(Integer.getInteger("fleet")),
                steps::of);
        Main.untilTold(RunningOperator.start(config, outside));
    }
}
