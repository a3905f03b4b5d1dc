package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A cache on a server. The deadline is for each sign of life ({@link PatientBody}), not for all of a file, which may be large. */
final class HttpFiles implements CacheFiles {
    private final URI base;
    private final Duration patience;
    private final HttpClient client;

    /** @param patience for a connection, for the header of an answer, and for each of its pieces */
    HttpFiles(URI base, Duration patience) {
        this.base = base;
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(patience)
                .build();
    }

    @Override
    public Answer<InputStream, CacheFailure> open(String file) {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(file)).timeout(patience).build();
        try {
            HttpResponse<InputStream> response = client.send(request, header -> new PatientBody(patience));
            if (response.statusCode() == 200) {
                return Answer.is(response.body());
            }
            response.body().close();
            return Answer.not(refusal(url(file), response.statusCode()));
        } catch (IOException lost) {
            return Answer.not(new CacheFailure.CacheUnavailable(url(file), lost.toString()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.not(new CacheFailure.CacheUnavailable(url(file), "stopped"));
        }
    }

    private static CacheFailure refusal(String url, int status) {
        return switch (status) {
            case 404, 410 -> new CacheFailure.NotFound(url);
            case 401, 403, 407 -> new CacheFailure.Denied(url, status);
            default -> new CacheFailure.CacheUnavailable(url, "it answers " + status);
        };
    }

    @Override
    public String url(String file) {
        return base.resolve(file).toString();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
