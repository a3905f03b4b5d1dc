package dev.nixosoperator.bench;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Stdin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands on this machine as the user of the build, with the real shell and tools. The job directory is a private
 * one.
 */
public final class LocalHost implements RemoteHost {
    private final Path runDirectory;
    private volatile boolean open = true;

    public LocalHost(Path runDirectory) {
        this.runDirectory = runDirectory;
    }

    /** The command as a process of its own, for tests that kill it; stdin is open, output goes nowhere. */
    public Process start(Command command) {
        try {
            ProcessBuilder builder = builder(command);
            return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CommandResult run(Command command) {
        if (!open) {
            return new CommandResult.Lost("closed");
        }
        try {
            Process process = builder(command).start();
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            send(command.stdin(), process.getOutputStream());
            if (!process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                open = false;
                return new CommandResult.TimedOut(command.timeout());
            }
            return new CommandResult.Exited(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            return new CommandResult.Exited(127, "", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CommandResult.Lost("interrupted");
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    private ProcessBuilder builder(Command command) {
        ProcessBuilder builder = new ProcessBuilder(command.argv());
        builder.environment().put("NIXOS_OPERATOR_RUN", runDirectory.toString());
        return builder;
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(@Nullable Stdin stdin, OutputStream to) throws IOException {
        if (stdin == null) {
            to.close();
            return;
        }
        try (InputStream in = stdin.open();
                to) {
            in.transferTo(to);
        } catch (IOException unwanted) {
            // The command has ended without reading all.
        }
    }
}
