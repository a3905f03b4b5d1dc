package dev.nixosoperator.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult.Exited;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKeyCheck.Pinned;
import dev.nixosoperator.remote.JumpHost;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Privilege.Method;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in, and how it ends when one thing about it is wrong: {@code docs/ways-in.md}, from real OpenSSH servers. */
final class WaysInIT {
    private static final Path TABLE = Path.of("docs/ways-in.md");
    private static final String HEAD =
            """
            # Ways in

            Written by `WaysInIT` (`mvn verify -Dit.test=WaysInIT -Dupdate=true`) from what the operator's connector meets at real OpenSSH servers, sudo and doas.
            `root`: a command ran as root. Else the reason that the machine's status shows; [reasons.md](reasons.md) says what each means. With a jump host it is
            the (last) jump host that is wrong.

            """;

    private static final ConnectOptions OPTIONS = new ConnectOptions(Duration.ofSeconds(30), Duration.ofSeconds(10));
    private static final Secret PASSWORD = Secret.of("correct horse");
    private static final Secret WRONG = Secret.of("wrong horse");
    private static final String LINK_LOCAL = "fe80::6e69:786f";

    @TempDir
    static Path dir;

    private static final List<AutoCloseable> OPENED = new ArrayList<>();
    private final SshConnector connector = new SshConnector();
    private final List<Way> ways = new ArrayList<>();

    /**
     * @param secret with another key, password, passphrase or certificate
     * @param key expects another host key
     * @param down nobody listens there
     */
    private record Way(String name, Target right, Target secret, Target key, Target down) {}

    @BeforeAll
    static void start() {
        String missing = OpenSshServer.missing();
        if (!missing.isEmpty()) {
            throw Missing.prerequisite(missing);
        }
        OpenSshServer.exec("ip", "address", "replace", LINK_LOCAL + "/64", "dev", "lo", "nodad");
        OPENED.add(() -> OpenSshServer.exec("ip", "address", "del", LINK_LOCAL + "/64", "dev", "lo"));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable opened : OPENED.reversed()) {
            opened.close();
        }
    }

    @Test
    void everyWayInAndHowItEnds() throws IOException {
        OpenSshServer server = server("server", "ListenAddress " + LINK_LOCAL + "%lo");
        places(server);
        keys(server);
        certificates();
        passwords(server);
        roots(server);
        jumpHosts(server);
        ancient();
        String table = HEAD
                + "| way in | as it should be | wrong secret | another host key | sshd is down |\n|---|---|---|---|---|\n"
                + ways.stream().map(this::row).collect(Collectors.joining());
        connector.close();
        System.out.println(table.substring(HEAD.length()));
        if (Boolean.getBoolean("update")) {
            Files.writeString(TABLE, table);
        }
        assertThat(TABLE).content().isEqualTo(table);
    }

    private void places(OpenSshServer server) {
        for (String host :
                List.of("127.0.0.1", "localhost", "::1", "[::1]", LINK_LOCAL + "%lo", "[" + LINK_LOCAL + "%lo]")) {
            way(
                    "at `" + host + "`",
                    server,
                    target(server, host, "root", key(server, "user")),
                    key(server, "stranger"));
        }
    }

    private void keys(OpenSshServer server) throws IOException {
        for (String type : List.of("rsa", "ecdsa", "ed25519")) {
            made(server, type + "_plain", type, "");
            made(server, type + "_locked", type, "-N 'open sesame'");
            Login plain = key(server, type + "_plain");
            way(type + " key", server, target(server, plain), key(server, "stranger"));
            Login locked = key(server, type + "_locked").withPassphrase(Secret.of("open sesame"));
            way(type + " key with a passphrase", server, target(server, locked), locked.withPassphrase(WRONG));
        }
        for (String form : List.of("PEM", "PKCS8")) {
            String name = "ecdsa_" + form;
            made(server, name, "ecdsa", "-m " + form);
            way("ecdsa key as " + form, server, target(server, key(server, name)), key(server, "stranger"));
        }
    }

    private void certificates() throws IOException {
        Path place = place("certificates");
        for (String authority : List.of("ca", "other")) {
            OpenSshServer.exec(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    place.resolve(authority).toString());
        }
        OpenSshServer server = opened(OpenSshServer.plain(
                place, "TrustedUserCAKeys %1$s/ca.pub\nHostCertificate %1$s/host_ed25519-cert.pub".formatted(place)));
        // sshd reads it when it starts, and again for each connection.
        server.certificateBy("ca", "host_ed25519", "-h", "-n", "127.0.0.1");
        Login key = key(server, "stranger");
        Login other = key.withCertificate(server.certificateBy("other", "stranger", "-n", "root"));
        Login certified = key.withCertificate(server.certificateBy("ca", "stranger", "-n", "root"));
        way("user certificate", server, target(server, certified), other);
        Target vouched =
                target(server, certified).under(new Pinned(Set.of(), Set.of(server.publicKey("ca")), Set.of()));
        Target foreign = vouched.under(new Pinned(Set.of(), Set.of(server.publicKey("other")), Set.of()));
        ways.add(new Way("host certificate", vouched, vouched.as(other), foreign, nobody(vouched)));
    }

    private void passwords(OpenSshServer server) throws IOException {
        TestUsers users = opened(new TestUsers("nixop-ways-"));
        String user = users.sudoer("password", PASSWORD.utf8(), "%s ALL=(ALL) NOPASSWD: ALL");
        way("password", server, target(server, "127.0.0.1", user, Login.ofPassword(PASSWORD)), Login.ofPassword(WRONG));
        OpenSshServer pam = server("pam", "UsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication yes");
        way(
                "password, keyboard-interactive",
                pam,
                target(pam, "127.0.0.1", user, Login.ofPassword(PASSWORD)),
                Login.ofPassword(WRONG));
    }

    /** The wrong secret is the password for sudo or doas. */
    private void roots(OpenSshServer server) {
        TestUsers users = opened(new TestUsers("nixop-root-"));
        String asked = PASSWORD.utf8();
        String free = "%s ALL=(ALL) NOPASSWD: ALL";
        String tty = "Defaults:%s requiretty";
        root("sudo", server, users.sudoer("sudo", asked, "%s ALL=(ALL) ALL"));
        root("sudo with requiretty", server, users.sudoer("tty", asked, tty, "%s ALL=(ALL) ALL"));
        root("sudo without password", server, users.sudoer("free", null, free));
        root("sudo with requiretty, without password", server, users.sudoer("freetty", null, tty, free));
        root("doas", server, users.doer("doas", asked, "permit %s"));
        root("doas without password", server, users.doer("doasfree", null, "permit nopass %s"));
    }

    private void root(String name, OpenSshServer server, String user) {
        Target way = target(server, "127.0.0.1", user, key(server, "user"));
        Target right = name.contains("without password") ? way : way.with(new Privilege(Method.AUTO, PASSWORD));
        Target wrong = way.with(new Privilege(Method.AUTO, WRONG));
        ways.add(new Way(name, right, wrong, otherKey(server, right), nobody(right)));
    }

    private void jumpHosts(OpenSshServer server) throws IOException {
        List<OpenSshServer> hops = List.of(server("hop1", ""), server("hop2", ""), server("hop3", ""));
        for (int count : List.of(1, 3)) {
            List<OpenSshServer> passed = hops.subList(0, count);
            OpenSshServer last = passed.getLast();
            Endpoint there = last.endpoint("127.0.0.1", "root");
            JumpHost right = new JumpHost(there, key(last, "user"), known(last));
            Target way = target(server, key(server, "user"));
            ways.add(new Way(
                    count == 1 ? "jump host" : count + " jump hosts",
                    over(way, passed, right),
                    over(way, passed, new JumpHost(there, key(last, "stranger"), right.check())),
                    over(way, passed, new JumpHost(there, right.login(), known("stranger", last))),
                    over(way, passed, new JumpHost(nobody(there), right.login(), right.check()))));
        }
    }

    private static Target over(Target target, List<OpenSshServer> hops, JumpHost last) {
        List<JumpHost> all = new ArrayList<>(hops.subList(0, hops.size() - 1).stream()
                .map(hop -> new JumpHost(hop.endpoint("127.0.0.1", "root"), key(hop, "user"), known(hop)))
                .toList());
        all.add(last);
        return target.through(all);
    }

    private void ancient() throws IOException {
        OpenSshServer server =
                server("old", "KexAlgorithms diffie-hellman-group1-sha1\nCiphers 3des-cbc\nMACs hmac-md5");
        Target way = target(server, key(server, "user"));
        Target allowed = Target.of(way.endpoint(), way.login(), way.check(), OPTIONS.with(OldAlgorithms.ALL));
        way("algorithms of 1999, allowed", server, allowed, key(server, "stranger"));
        way("algorithms of 1999, not allowed", server, way, key(server, "stranger"));
    }

    private void way(String name, OpenSshServer server, Target right, Login wrong) {
        ways.add(new Way(name, right, right.as(wrong), otherKey(server, right), nobody(right)));
    }

    private String row(Way way) {
        List<String> cells =
                List.of(way.name(), cell(way.right()), cell(way.secret()), cell(way.key()), cell(way.down()));
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private String cell(Target target) {
        ConnectResult result = connector.connect(target);
        return switch (result) {
            case Connected connected -> {
                try (RemoteHost host = connected.host()) {
                    assertThat(host.run(Command.of("id", "-u"))).isEqualTo(new Exited(0, "0\n", ""));
                    yield "root";
                }
            }
            case Refused refused ->
                Arrays.stream(refused.failure().name().split("_"))
                        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining("", "`", "`"));
        };
    }

    private static Target target(OpenSshServer server, Login login) {
        return target(server, "127.0.0.1", "root", login);
    }

    private static Target target(OpenSshServer server, String host, String user, Login login) {
        return Target.of(server.endpoint(host, user), login, known(server), OPTIONS);
    }

    private static Target otherKey(OpenSshServer server, Target target) {
        return target.under(known("stranger", server));
    }

    private static Pinned known(OpenSshServer server) {
        return known("host_ed25519", server);
    }

    private static Pinned known(String key, OpenSshServer server) {
        return new Pinned(Set.of(server.publicKey(key)));
    }

    private static Login key(OpenSshServer server, String name) {
        return Login.of(server.privateKey(name));
    }

    /** A key in the server's directory that opens its door. */
    private static void made(OpenSshServer server, String name, String type, String options) {
        String file = server.file(name);
        OpenSshServer.exec(
                "sh",
                "-c",
                "ssh-keygen -q -t " + type + " -N '' " + options + " -f \"$1\" && cat \"$1.pub\" >> \"$2\"",
                "keygen",
                file,
                server.file("authorized_keys"));
    }

    private static OpenSshServer server(String name, String settings) throws IOException {
        return opened(OpenSshServer.plain(place(name), settings));
    }

    private static Path place(String name) throws IOException {
        OpenSshServer.exec("chmod", "755", dir.toString());
        return Files.createDirectory(dir.resolve(name));
    }

    private static <T extends AutoCloseable> T opened(T resource) {
        OPENED.add(resource);
        return resource;
    }

    private static Target nobody(Target target) {
        return target.at(nobody(target.endpoint()));
    }

    private static Endpoint nobody(Endpoint there) {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Endpoint(there.host(), free.getLocalPort(), there.user());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
