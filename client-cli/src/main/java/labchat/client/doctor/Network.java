package labchat.client.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import labchat.client.doctor.Outside.Reach;
import labchat.client.doctor.Outside.Speaks;

/** Names, connections, and who answers. */
public final class Network {

    /** How long one look may take. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A CONNECT of a version that there is not: a broker answers with CONNACK and asks for no password. */
    private static final byte[] STRANGE_CONNECT = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 99, 2, 0, 60, 0, 1, 'd'};

    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: doctor\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int CONNACK = 0x20;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_MAJOR = 0x03;
    private static final int ANSWER_BYTES = 5;

    private Network() {}

    /** The addresses of a host; none if it has no name that is known, or nobody says so in time. */
    public static List<String> addresses(String host) {
        CompletableFuture<List<String>> asked = CompletableFuture.supplyAsync(() -> {
            try {
                return Arrays.stream(InetAddress.getAllByName(host))
                        .map(InetAddress::getHostAddress)
                        .distinct()
                        .toList();
            } catch (UnknownHostException e) {
                return List.of();
            }
        });
        try {
            return asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Connects and closes again. */
    public static Reach reach(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), millis());
            return Reach.CONNECTED;
        } catch (SocketTimeoutException e) {
            return Reach.NO_ANSWER;
        } catch (NoRouteToHostException e) {
            return Reach.NO_ROUTE;
        } catch (ConnectException e) {
            String text = String.valueOf(e.getMessage());
            return text.contains("refused")
                    ? Reach.REFUSED
                    : text.contains("timed out") ? Reach.NO_ANSWER : Reach.NO_ROUTE;
        } catch (IOException e) {
            return Reach.NO_ROUTE;
        }
    }

    /** Says a strange CONNECT, which each kind of server answers differently, and to who gives no answer a word of HTTP. */
    public static Speaks plain(String address, int port) {
        Speaks answer = answerTo(STRANGE_CONNECT, address, port);
        boolean isSilent = answer == Speaks.CLOSES || answer == Speaks.NOTHING;
        return isSilent && answerTo(REQUEST, address, port) == Speaks.HTTP ? Speaks.HTTP : answer;
    }

    private static Speaks answerTo(byte[] question, String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), millis());
            socket.setSoTimeout(millis());
            socket.getOutputStream().write(question);
            socket.getOutputStream().flush();
            byte[] answer = some(socket.getInputStream());
            return answer.length == 0 ? Speaks.CLOSES : kind(answer);
        } catch (SocketTimeoutException e) {
            return Speaks.NOTHING;
        } catch (IOException e) {
            return Speaks.CLOSES;
        }
    }

    private static byte[] some(InputStream in) throws IOException {
        byte[] bytes = new byte[ANSWER_BYTES];
        int length = 0;
        while (length < bytes.length) {
            int read;
            try {
                read = in.read(bytes, length, bytes.length - length);
            } catch (IOException e) {
                if (length > 0) {
                    break;
                }
                throw e;
            }
            if (read < 0) {
                break;
            }
            length += read;
            if (length > 1 && (bytes[0] == CONNACK || bytes[0] == TLS_ALERT)) {
                break;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private static Speaks kind(byte[] answer) {
        if (answer[0] == CONNACK) {
            return Speaks.MQTT;
        }
        if (answer.length > 1 && answer[0] == TLS_ALERT && answer[1] == TLS_MAJOR) {
            return Speaks.TLS;
        }
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        // Some servers answer nonsense with their page at once, as in the first version of HTTP.
        return text.startsWith("HTTP/") || text.startsWith("<") ? Speaks.HTTP : Speaks.OTHER;
    }

    private static int millis() {
        return Math.toIntExact(PATIENCE.toMillis());
    }
}
