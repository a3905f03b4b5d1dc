package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.bench.LocalHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real job.sh with the real shell, on this machine. */
final class JobsTest {
    private static final JobId ID = new JobId("op-1", "disks");
    private static final JobId OTHER = new JobId("op-2", "disks");
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String UNTIL_TOLD = "echo begin; while [ ! -e \"$1\" ]; do sleep 0.05; done; echo end; exit 7";

    @TempDir
    Path dir;

    private LocalHost host = new LocalHost(Path.of("unused"));

    @BeforeEach
    void open() {
        host = new LocalHost(dir.resolve("run"));
    }

    @AfterEach
    void endJobs() {
        Jobs.cancel(host, ID, Duration.ZERO);
        Jobs.cancel(host, OTHER, Duration.ZERO);
    }

    @Test
    void absentAtFirst() {
        assertThat(Jobs.look(host, ID)).isEqualTo(new JobState.Absent());
        assertThat(Jobs.watch(host, ID, 0, Duration.ofSeconds(9))).isEqualTo(new JobLook(new JobState.Absent(), "", 0));
        assertThat(Jobs.cancel(host, ID)).isEqualTo(new JobState.Absent());
    }

    @Test
    void keepsExitCodeLogAndArguments() throws IOException {
        String script = "printf '%s|' \"$@\"; [ -t 0 ] || cat; echo; echo err >&2; exit 42";
        Jobs.start(host, ID, JobSpec.bash(script, "uid", "--", "a b", "it's", ""));
        String log = "--|a b|it's||\nerr\n";
        assertThat(readAll(ID)).isEqualTo(log);
        assertThat(Jobs.look(host, ID)).isEqualTo(new JobState.Exited(42, log.length()));
        assertThat(Jobs.cancel(host, ID)).isEqualTo(new JobState.Exited(42, log.length()));
        Path job = dir.resolve("run/op-1/disks");
        assertThat(PosixFilePermissions.toString(java.nio.file.Files.getPosixFilePermissions(job)))
                .isEqualTo("rwx------");
        assertThat(job).isDirectoryContaining("glob:**/{script,log,exit,pid,boot-id}");
    }

    @Test
    void startsOnce() throws IOException {
        JobState first = start(ID);
        JobState second = start(ID);
        assertThat(first).isInstanceOf(JobState.Running.class);
        assertThat(pid(second)).isEqualTo(pid(first));
        finish();
        assertThat(awaitEnd(ID)).isEqualTo(new JobState.Exited(7, 10));
        java.nio.file.Files.delete(dir.resolve("go")); // one that was started again would wait for it
        assertThat(start(ID)).isEqualTo(new JobState.Exited(7, 10));
        assertThat(readAll(ID)).isEqualTo("begin\nend\n");
    }

    @Test
    void startsOnceInARace() {
        List<CompletableFuture<JobState>> starts = Stream.generate(() -> CompletableFuture.supplyAsync(() -> start(ID)))
                .limit(6)
                .toList();
        List<String> pids = starts.stream()
                .map(CompletableFuture::join)
                .map(JobsTest::pid)
                .distinct()
                .toList();
        assertThat(pids).hasSize(1);
    }

    @Test
    void survivesTheDeathOfItsWatcher() {
        start(ID);
        Process watcher = host.start(
                Command.script(Script.load("job.sh"), "watch", ID.operation(), ID.step(), "99", "30", "100"));
        watcher.destroyForcibly();
        await().atMost(SOON).until(() -> !watcher.isAlive());
        assertThat(Jobs.look(host, ID)).isInstanceOf(JobState.Running.class);
        finish();
        assertThat(awaitEnd(ID)).isEqualTo(new JobState.Exited(7, 10));
    }

    @Test
    void watchReturnsNewLogAndTheEnd() {
        start(ID);
        JobLook first = Jobs.watch(host, ID, 0, SOON);
        assertThat(first.newLog()).isEqualTo("begin\n");
        assertThat(first.nextOffset()).isEqualTo(6);
        JobLook nothing = Jobs.watch(host, ID, 6, Duration.ZERO);
        assertThat(nothing.state()).isInstanceOf(JobState.Running.class);
        assertThat(nothing.newLog()).isEmpty();
        CompletableFuture<JobLook> waiting = CompletableFuture.supplyAsync(() -> Jobs.watch(host, ID, 6, SOON));
        finish();
        assertThat(waiting.join()).isEqualTo(new JobLook(new JobState.Exited(7, 10), "end\n", 10));
    }

    @Test
    void vanishesWhenKilled() {
        JobState running = start(ID);
        kill("-" + pid(running));
        assertThat(awaitEnd(ID)).isInstanceOfSatisfying(JobState.Vanished.class, v -> assertThat(v.why())
                .contains("killed"));
        assertThat(start(ID)).isInstanceOf(JobState.Vanished.class);
        assertThat(start(OTHER)).isInstanceOf(JobState.Running.class);
    }

    @Test
    void runsOnWithoutItsLeaderAndKeepsTheLock() {
        JobState running = start(ID);
        await().atMost(SOON)
                .until(() -> Jobs.look(host, ID) instanceof JobState.Running now
                        && now.logSize() > 0); // not the leader alone
        kill(pid(running));
        assertThat(Jobs.look(host, ID)).isInstanceOf(JobState.Running.class);
        assertThat(start(OTHER)).isEqualTo(new JobState.Locked("uid-1"));
        assertThat(Jobs.cancel(host, ID, Duration.ofSeconds(1))).isInstanceOf(JobState.Vanished.class);
    }

    @Test
    void aRecycledPidIsNotOurs() throws IOException {
        JobState running = start(ID);
        kill("-" + pid(running));
        awaitEnd(ID);
        long self = ProcessHandle.current().pid();
        java.nio.file.Files.writeString(dir.resolve("run/op-1/disks/pid"), self + " 1\n");
        assertThat(Jobs.look(host, ID)).isInstanceOf(JobState.Vanished.class);
    }

    @Test
    void anotherBootIsToldApart() throws IOException {
        JobState running = start(ID);
        kill("-" + pid(running));
        awaitEnd(ID);
        java.nio.file.Files.writeString(dir.resolve("run/op-1/disks/boot-id"), "other\n");
        assertThat(Jobs.look(host, ID)).isInstanceOfSatisfying(JobState.Vanished.class, v -> assertThat(v.why())
                .contains("restarted"));
    }

    @Test
    void aClaimWithoutAPidIsTakenOver() throws IOException {
        Path job = java.nio.file.Files.createDirectories(dir.resolve("run/op-1/disks"));
        java.nio.file.Files.writeString(job.resolve("script"), "exit 99");
        assertThat(Jobs.look(host, ID)).isEqualTo(new JobState.Absent());
        finish();
        start(ID);
        assertThat(awaitEnd(ID)).isEqualTo(new JobState.Exited(7, 10));
    }

    @Test
    void cancelEndsChildrenToo() throws IOException {
        Path pids = dir.resolve("pids");
        String script = "(trap '' TERM; sh -c 'echo $$; exec sleep 60' & wait) >> \"$1\" & echo $! >> \"$1\"; sleep 60";
        Jobs.start(host, ID, JobSpec.sh(script, "uid-1", pids.toString()));
        await().atMost(SOON).until(() -> lines(pids).size() == 2);
        assertThat(Jobs.cancel(host, ID, Duration.ofSeconds(1))).isEqualTo(new JobState.Exited(143, 11));
        for (String pid : lines(pids)) {
            await().atMost(SOON).until(() -> gone(pid));
        }
    }

    @Test
    void onlyOneJobOnTheMachine() {
        start(ID);
        assertThat(Jobs.start(host, OTHER, JobSpec.sh("true", "uid-2"))).isEqualTo(new JobState.Locked("uid-1"));
        assertThat(Jobs.look(host, OTHER)).isEqualTo(new JobState.Absent());
        finish();
        awaitEnd(ID);
        assertThat(Jobs.start(host, OTHER, JobSpec.sh("true", "uid-2"))).isNotInstanceOf(JobState.Locked.class);
    }

    @Test
    void leftoversDoNotKeepTheLock() {
        Jobs.start(host, ID, JobSpec.sh("sleep 30 & exit 0", "uid-1"));
        assertThat(awaitEnd(ID)).isEqualTo(new JobState.Exited(0, 0));
        assertThat(start(OTHER)).isInstanceOf(JobState.Running.class);
        kill("-" + firstWord(dir.resolve("run/op-1/disks/pid")));
    }

    @Test
    void endlessLinesComeInPieces() {
        Jobs.start(host, ID, JobSpec.sh("head -c 10000000 /dev/zero | tr '\\000' x", "uid-1"));
        assertThat(awaitEnd(ID)).isEqualTo(new JobState.Exited(0, 10_000_000));
        JobLook piece = Jobs.watch(host, ID, 9_000_000, SOON);
        assertThat(piece.newLog()).hasSize(Jobs.MAX_LOG_PIECE);
        assertThat(piece.nextOffset()).isEqualTo(9_000_000 + Jobs.MAX_LOG_PIECE);
        assertThat(Jobs.watch(host, ID, 9_999_999, SOON).newLog()).isEqualTo("x");
    }

    @Test
    void piecesDoNotCutCharacters() {
        String script = "printf 'a\\342\\202'; while [ ! -e \"$1\" ]; do sleep 0.05; done; printf '\\254'";
        Jobs.start(host, ID, JobSpec.sh(script, "uid-1", dir.resolve("go").toString()));
        JobLook first = Jobs.watch(host, ID, 0, SOON);
        assertThat(first.newLog()).isEqualTo("a");
        finish();
        awaitEnd(ID);
        assertThat(Jobs.watch(host, ID, first.nextOffset(), SOON).newLog()).isEqualTo("€");
    }

    @Test
    void aTruncatedScriptDoesNotStart() {
        Command start =
                Command.script(Script.load("job.sh"), "start", ID.operation(), ID.step(), "uid", "100", "exit 1", "sh");
        CommandResult result = host.run(start.withStdin("reboot\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(result.summary()).contains("7 of 100 bytes");
        assertThat(Jobs.look(host, ID)).isEqualTo(new JobState.Absent());
    }

    @Test
    void nonsenseIsUnknown() {
        host.close();
        assertThat(Jobs.look(host, ID)).isEqualTo(new JobState.Unknown(new CommandResult.Lost("closed")));
        CommandResult noise = new CommandResult.Exited(0, "Welcome!\n", "");
        assertThat(JobReply.look(noise, 3)).isEqualTo(new JobLook(new JobState.Unknown(noise), "", 3));
        CommandResult cut = new CommandResult.Exited(0, "running 17\n", "");
        assertThat(JobReply.look(cut, 0).state()).isEqualTo(new JobState.Unknown(cut));
    }

    private JobState start(JobId id) {
        return Jobs.start(
                host, id, JobSpec.sh(UNTIL_TOLD, "uid-1", dir.resolve("go").toString()));
    }

    private void finish() {
        try {
            java.nio.file.Files.writeString(dir.resolve("go"), "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JobState awaitEnd(JobId id) {
        return await().atMost(SOON).until(() -> Jobs.look(host, id), JobState::ended);
    }

    private String readAll(JobId id) {
        awaitEnd(id);
        return Jobs.watch(host, id, 0, SOON).newLog();
    }

    private void kill(String target) {
        assertThat(host.run(Command.of("sh", "-c", "kill -s KILL -- \"$1\"", "kill", target))
                        .ok())
                .isTrue();
    }

    private static String pid(JobState state) {
        assertThat(state).isInstanceOf(JobState.Running.class);
        return ((JobState.Running) state).pid();
    }

    /** No process or a zombie, for not every pid 1 of a build machine takes them away at once. */
    private static boolean gone(String pid) {
        try {
            return java.nio.file.Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
        } catch (IOException noProcess) {
            return true;
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return java.nio.file.Files.exists(file) ? java.nio.file.Files.readAllLines(file) : List.of();
    }

    private static String firstWord(Path file) {
        try {
            return java.nio.file.Files.readString(file).split(" ", -1)[0];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
