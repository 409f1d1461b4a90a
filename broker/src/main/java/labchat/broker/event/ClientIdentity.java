package labchat.broker.event;

import java.util.Objects;
import java.util.Optional;

/**
 * Who is at the other end of a connection.
 *
 * @param user the user that is logged in, or that tried to; empty for a client without a name
 * @param clientId the client id as the client sent it; empty before CONNECT
 * @param address the peer's address and port, such as {@code 10.0.0.7:51234}
 */
public record ClientIdentity(Optional<String> user, String clientId, String address) {

    public ClientIdentity {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(address, "address");
    }
}
