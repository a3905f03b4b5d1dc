package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.SECRET_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Private keys of every kind in every form that ssh-keygen and openssl write, at the door of a real OpenSSH. */
final class KeyFilesIT {
    private static final String PASSPHRASE = "open sesame";
    private static final List<String> KINDS = List.of("rsa", "ecdsa-256", "ecdsa-384", "ecdsa-521", "ed25519");

    /** How {@code $1} (OpenSSH's form, plain) becomes {@code $2}, encrypted with {@code $3}. */
    record Form(String name, boolean encrypted, String script) {
        boolean fits(String kind) {
            // ed25519 has no traditional PEM form, and this ssh-keygen writes no PKCS#8 of it: openssl makes that below
            return name.startsWith("OpenSSH") || !kind.equals("ed25519");
        }
    }

    private static final List<Form> FORMS = List.of(
            plain("OpenSSH", ""),
            plain("OpenSSH with CR LF", "sed -i 's/$/\\r/' \"$2\""),
            plain("OpenSSH without a line end", "printf '\\n %s' \"$(cat \"$1\")\" > \"$2\""),
            locked("OpenSSH aes256-ctr", "ssh-keygen -q -p -N \"$3\" -f \"$2\""),
            locked("OpenSSH aes256-cbc", "ssh-keygen -q -p -Z aes256-cbc -N \"$3\" -f \"$2\""),
            locked("OpenSSH aes128-ctr", "ssh-keygen -q -p -Z aes128-ctr -N \"$3\" -f \"$2\""),
            locked("OpenSSH aes256-gcm", "ssh-keygen -q -p -Z aes256-gcm@openssh.com -N \"$3\" -f \"$2\""),
            locked("OpenSSH chacha20", "ssh-keygen -q -p -Z chacha20-poly1305@openssh.com -N \"$3\" -f \"$2\""),
            plain("PEM", "ssh-keygen -q -p -m PEM -N '' -f \"$2\""),
            locked("PEM aes128", "ssh-keygen -q -p -m PEM -N \"$3\" -f \"$2\""),
            locked("PEM aes256", pem("openssl pkey -traditional -aes256 -passout \"pass:$3\"")),
            locked("PEM 3des", pem("openssl pkey -traditional -des3 -passout \"pass:$3\"")),
            plain("PKCS#8", "ssh-keygen -q -p -m PKCS8 -N '' -f \"$2\""),
            locked("PKCS#8 of ssh-keygen", "ssh-keygen -q -p -m PKCS8 -N \"$3\" -f \"$2\""),
            locked("PKCS#8 aes256", pem(pkcs8(""))),
            locked("PKCS#8 aes128 SHA-1", pem(pkcs8("-v2 aes-128-cbc -v2prf hmacWithSHA1"))),
            locked("PKCS#8 3des", pem(pkcs8("-v2 des3"))),
            locked("PKCS#8 scrypt", pem(pkcs8("-scrypt"))),
            locked("PKCS#8 PBE-SHA1-3DES", pem(pkcs8("-v1 PBE-SHA1-3DES"))));

    /** What openssl makes of an ed25519 key of its own. */
    static final List<String> ED25519_OF_OPENSSL = List.of("cat", pkcs8(""), pkcs8("-scrypt"), pkcs8("-v2 des3"));

    @TempDir
    static Path dir;

    private static @Nullable OpenSshServer server;
    private static @Nullable SshConnector connector;

    private static Form plain(String name, String script) {
        return new Form(name, false, script);
    }

    private static Form locked(String name, String script) {
        return new Form(name, true, script);
    }

    private static String pem(String script) {
        return "ssh-keygen -q -p -m PEM -N '' -f \"$2\"; " + script + " < \"$2\" > \"$2.new\"; mv \"$2.new\" \"$2\"";
    }

    private static String pkcs8(String options) {
        return "openssl pkcs8 -topk8 " + options + " -passout \"pass:$3\"";
    }

    @BeforeAll
    static void start() {
        String missing = OpenSshServer.missing();
        if (!missing.isEmpty()) {
            throw Missing.prerequisite(missing);
        }
        for (String kind : KINDS) {
            sh(
                    "ssh-keygen -q -t \"${1%%-*}\" -b \"$2\" -N '' -f \"$3\"; cat \"$3.pub\" >> \"$4\"",
                    kind, bits(kind), file(kind), file("keys"));
        }
        // The last 32 bytes of the public key are the point; this is how OpenSSH writes it.
        sh(
                """
                openssl genpkey -algorithm ed25519 -out "$1"
                { printf '\\000\\000\\000\\013ssh-ed25519\\000\\000\\000\\040'; openssl pkey -in "$1" -pubout -outform DER | tail -c 32; } |
                  base64 -w 0 | sed 's/^/ssh-ed25519 /; s/$/\\n/' >> "$2"
                """,
                file("openssl"),
                file("keys"));
        server = new OpenSshServer(dir, file("keys"));
        connector = new SshConnector();
    }

    private static String bits(String kind) {
        return switch (kind) {
            case "rsa" -> "2048";
            case "ed25519" -> "256";
            default -> kind.substring("ecdsa-".length());
        };
    }

    @AfterAll
    static void stop() {
        if (connector != null) {
            connector.close();
        }
        if (server != null) {
            server.close();
        }
    }

    static Stream<Arguments> files() {
        return KINDS.stream().flatMap(kind -> FORMS.stream()
                .filter(form -> form.fits(kind))
                .map(form -> Arguments.of(kind, form.name(), form)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("files")
    void everyFormOpensTheDoor(String kind, String name, Form form) {
        String made = file(kind + " " + name.replace('#', ' '));
        sh("cp \"$1\" \"$2\"; " + form.script(), file(kind), made, PASSPHRASE);
        assertOpens(server().privateKey(Path.of(made).getFileName().toString()), form.encrypted());
    }

    @ParameterizedTest
    @FieldSource("ED25519_OF_OPENSSL")
    void theKeysOfOpensslToo(String script) {
        String made = file("made by openssl");
        sh(script + " < \"$1\" > \"$2\"", file("openssl"), made, PASSPHRASE);
        assertOpens(server().privateKey("made by openssl"), !script.equals("cat"));
    }

    /** An EC key by itself has its parameters before it. */
    @Test
    void parametersBeforeTheKeyAreNotTheKey() {
        sh(
                "cp \"$1\" \"$2.pem\"; ssh-keygen -q -p -m PEM -N '' -f \"$2.pem\";"
                        + " { openssl ecparam -name prime256v1; cat \"$2.pem\"; } > \"$2\"",
                file("ecdsa-256"),
                file("parameters"));
        assertOpens(server().privateKey("parameters"), false);
    }

    private static void assertOpens(Secret file, boolean encrypted) {
        assertIn(Login.of(file).withPassphrase(Secret.of(PASSPHRASE + "\n")));
        if (!encrypted) {
            assertIn(Login.of(file));
            return;
        }
        assertThat(unusable(Login.of(file))).contains("is encrypted and there is no passphrase");
        assertThat(unusable(Login.of(file).withPassphrase(Secret.of("hunter2"))))
                .contains("the passphrase does not decrypt the private key")
                .doesNotContain("hunter2");
    }

    private static void assertIn(Login login) {
        ConnectResult result = connect(login);
        assertThat(result)
                .isInstanceOfSatisfying(
                        Connected.class, connected -> connected.host().close());
    }

    private static String unusable(Login login) {
        ConnectResult result = connect(login);
        assertThat(result).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.failure())
                .isEqualTo(SECRET_INVALID));
        return ((Refused) result).message();
    }

    private static ConnectResult connect(Login login) {
        return Objects.requireNonNull(connector)
                .connect(Target.of(
                        server().endpoint("127.0.0.1", "root"),
                        login,
                        new HostKeyCheck.FirstUse(),
                        new ConnectOptions(Duration.ofSeconds(60), Duration.ofSeconds(10))));
    }

    private static OpenSshServer server() {
        return Objects.requireNonNull(server);
    }

    private static String file(String name) {
        return dir.resolve(name).toString();
    }

    private static void sh(String script, String... args) {
        OpenSshServer.exec(Stream.concat(Stream.of("sh", "-euc", script, "sh"), Stream.of(args))
                .toArray(String[]::new));
    }
}
