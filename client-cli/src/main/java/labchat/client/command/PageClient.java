package labchat.client.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import labchat.client.doctor.Outside;
import labchat.client.session.Password;
import labchat.client.tls.ClientTls;
import labchat.protocol.identity.ChatId;

/** Speaks to the broker's page, over HTTP or HTTPS. */
final class PageClient {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int CREATED = 201;
    private static final int UNAVAILABLE = 503;

    private final String host;
    private final int port;
    private final String base;
    private final HttpClient client;

    PageClient(String host, int port, Optional<ClientTls> tls) {
        this.host = host;
        this.port = port;
        this.base = base(tls.isPresent() ? "https" : "http", host, port);
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        tls.ifPresent(own -> {
            try {
                builder.sslContext(own.context());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no TLS", e);
            }
        });
        this.client = builder.build();
    }

    private static String base(String scheme, String host, int port) {
        return "%s://%s:%d".formatted(scheme, host.indexOf(':') >= 0 ? "[" + host + "]" : host, port);
    }

    /** Whether the page sends who comes by HTTP to HTTPS. If nothing answers, the request proper will find out. */
    static boolean isSecure(String host, int port) {
        try {
            PageClient plain = new PageClient(host, port, Optional.empty());
            HttpResponse<String> answer =
                    plain.client.send(plain.request("/config.json").build(), BodyHandlers.ofString());
            return answer.headers()
                    .firstValue("Location")
                    .filter(where -> where.startsWith("https:"))
                    .isPresent();
        } catch (IOException | IllegalArgumentException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    }

    /** Who may sign up: {@code off}, {@code code} or {@code open}. */
    String signUpMode() throws CommandFailure, InterruptedException {
        HttpResponse<String> answer = send(request("/config.json").GET().build());
        return field(answer.body(), "signup")
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.FAILURE, "%s is no Labchat broker's page; is --http-port right?".formatted(base)));
    }

    /** What the page says of itself; empty if nothing that speaks HTTP answers. Nothing secret is said to it. */
    static Optional<Outside.Page> look(String host, int port) {
        try {
            Optional<ClientTls> tls =
                    isSecure(host, port) ? Optional.of(ClientTls.insecure(Optional.empty())) : Optional.empty();
            PageClient page = new PageClient(host, port, tls);
            HttpResponse<String> config =
                    page.client.send(page.request("/config.json").build(), BodyHandlers.ofString());
            HttpResponse<String> ready =
                    page.client.send(page.request("/readyz").build(), BodyHandlers.ofString());
            return Optional.of(new Outside.Page(
                    config.statusCode(),
                    config.headers().firstValue("Date").flatMap(PageClient::time),
                    field(config.body(), "signup").flatMap(ours -> field(config.body(), "version")),
                    ready.statusCode() == UNAVAILABLE ? Optional.of(ready.body().strip()) : Optional.empty(),
                    field(config.body(), tls.isPresent() ? "wss" : "ws").map(Integer::valueOf)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Instant> time(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Makes the account. */
    void signUp(ChatId id, Password password, String code) throws CommandFailure, InterruptedException {
        StringWriter body = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("id", id.value());
            json.writeStringField("password", new String(password.utf8(), StandardCharsets.UTF_8));
            json.writeStringField("code", code);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot be written to", e);
        }
        HttpResponse<String> answer = send(request("/api/signup")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
        if (answer.statusCode() != CREATED) {
            throw new CommandFailure(
                    ExitCode.FAILURE,
                    field(answer.body(), "reason")
                            .orElse("the page at %s answered with status %d".formatted(base, answer.statusCode())));
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws CommandFailure, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new CommandFailure(
                    ExitCode.FAILURE,
                    "nothing answers at %s port %d, where the broker's page should be; ask your staff, or name another with --http-port"
                            .formatted(host, port),
                    e);
        } catch (IOException e) {
            Throwable cause = e;
            while (cause.getCause() != null && cause.getCause() != cause) {
                cause = cause.getCause();
            }
            throw new CommandFailure(
                    ExitCode.FAILURE, "cannot speak to the page at %s: %s".formatted(base, cause.getMessage()), e);
        }
    }

    /** A text or a number of an object's own; empty if there is none, or this is no object. */
    private static Optional<String> field(String text, String name) {
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String found = json.currentName();
                JsonToken value = json.nextToken();
                if (found.equals(name) && (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT)) {
                    return Optional.of(json.getText());
                }
                json.skipChildren();
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
