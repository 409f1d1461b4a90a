package labchat.broker.web;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.NotFoundResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The files that the pages are made of, from this jar. A browser keeps them and asks each time whether they are still
 * the same, so a new version of the broker is seen at once. May be used by any thread.
 */
public final class Site {

    private static final String FOLDER = "/labchat/broker/web/site/";
    /** No name here starts with a dot, so none leads out of the folder. */
    private static final Pattern PATH = Pattern.compile("([a-z0-9][a-z0-9_-]*/)*[a-z0-9][a-z0-9_-]*\\.[a-z]+");

    private static final int WORTH_COMPRESSING = 1_024;

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json",
            "yaml", "application/yaml; charset=utf-8",
            "webmanifest", "application/manifest+json");

    private final Map<String, StoredFile> files = new ConcurrentHashMap<>();

    private record StoredFile(String type, byte[] bytes, Optional<byte[]> compressed, String tag) {}

    /**
     * Answers with a file, compressed if the browser takes that, or with 304 if the browser has it.
     *
     * @param path below the folder of pages, such as {@code index.html}
     * @throws NotFoundResponse if there is no such file
     */
    public void send(Context context, String path) {
        StoredFile file = find(path).orElseThrow(() -> new NotFoundResponse("There is nothing here."));
        context.header(Header.ETAG, file.tag());
        context.header(Header.CACHE_CONTROL, "no-cache");
        context.header(Header.VARY, Header.ACCEPT_ENCODING);
        if (holds(context.header(Header.IF_NONE_MATCH), file.tag())) {
            context.status(304);
            return;
        }
        context.contentType(file.type());
        boolean takesGzip = Optional.ofNullable(context.header(Header.ACCEPT_ENCODING))
                .orElse("")
                .contains("gzip");
        if (takesGzip && file.compressed().isPresent()) {
            context.header(Header.CONTENT_ENCODING, "gzip");
            context.result(file.compressed().get());
        } else {
            context.result(file.bytes());
        }
    }

    private static boolean holds(String known, String tag) {
        return known != null && known.contains(tag);
    }

    private Optional<StoredFile> find(String path) {
        StoredFile known = files.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null || !PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        try (InputStream in = Site.class.getResourceAsStream(FOLDER + path)) {
            if (in == null) {
                return Optional.empty();
            }
            StoredFile read = stored(type, in.readAllBytes());
            files.put(path, read);
            return Optional.of(read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StoredFile stored(String type, byte[] bytes) throws IOException {
        return new StoredFile(type, bytes, compressed(bytes), tag(bytes));
    }

    private static Optional<byte[]> compressed(byte[] bytes) throws IOException {
        if (bytes.length < WORTH_COMPRESSING) {
            return Optional.empty();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.size() < bytes.length ? Optional.of(out.toByteArray()) : Optional.empty();
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
