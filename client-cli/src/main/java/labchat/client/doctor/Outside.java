package labchat.client.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a {@link Checkup} asks of the world. Every method comes back within some seconds. */
public interface Outside {

    /** The addresses of a host, as text; none if it has no name that is known. */
    List<String> addresses(String host);

    /** What becomes of a TCP connection. */
    enum Reach {
        CONNECTED,
        /** The machine is there, and nobody listens. */
        REFUSED,
        /** Nothing comes back: no such machine, or something in between swallows the packets. */
        NO_ANSWER,
        /** The network says that there is no way. */
        NO_ROUTE
    }

    /** Connects and closes again. */
    Reach reach(String address, int port);

    /** Who answers at a port. */
    enum Speaks {
        MQTT,
        HTTP,
        TLS,
        /** Something else, such as SSH. */
        OTHER,
        /** It takes the connection and says nothing. */
        NOTHING,
        /** It closes the connection without a word. */
        CLOSES
    }

    /** Says something that each of them answers differently, without a name or a password. */
    Speaks plain(String address, int port);

    /**
     * What a server shows in a TLS handshake.
     *
     * @param version such as {@code TLSv1.3}
     * @param hosts for which it is
     * @param until when its time is over
     * @param fingerprint to be compared with a slip
     * @param trouble why it is not trusted, and what to do; empty if it is
     */
    record Tls(String version, List<String> hosts, Instant until, String fingerprint, Optional<String> trouble) {
        public Tls {
            hosts = List.copyOf(hosts);
        }
    }

    /** Makes a handshake; empty if that is not possible there. */
    Optional<Tls> tls();

    /** How far a login and a look at one's own topics went. */
    sealed interface Login {

        /** All went well; it took so long from a hint published to oneself until it came back. */
        record Good(Duration roundTrip) implements Login {}

        /**
         * It ended here.
         *
         * @param step at which
         * @param found what is so
         * @param advice what to do; may be empty
         */
        record Bad(Step step, String found, String advice) implements Login {}

        /** In their order. */
        enum Step {
            LOGIN,
            SUBSCRIBE,
            ROUND_TRIP
        }
    }

    /** Logs in and tries it. */
    Login login();

    /**
     * What the broker's page says.
     *
     * @param status of HTTP
     * @param clock what the server's clock said
     * @param version of the server
     * @param ready what is wrong with it; empty if nothing is, or it does not say
     * @param websocketPort where it serves MQTT over WebSocket
     */
    record Page(
            int status,
            Optional<Instant> clock,
            Optional<String> version,
            Optional<String> ready,
            Optional<Integer> websocketPort) {}

    /** Asks the page; empty if nothing answers there. */
    Optional<Page> page(int port);
}
