package labchat.broker.acl;

import java.util.Objects;
import java.util.Optional;

/**
 * Whose right is asked about.
 *
 * @param user the user's name; empty for a client without one
 * @param clientId the client id as the client sent it; stands for {@code %c} in patterns
 */
public record AclSubject(Optional<String> user, String clientId) {

    public AclSubject {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(clientId, "clientId");
    }
}
