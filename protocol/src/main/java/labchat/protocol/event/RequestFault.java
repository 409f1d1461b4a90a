package labchat.protocol.event;

import java.util.Objects;

/**
 * Why a request to the server was not carried out.
 *
 * @param code a stable word; each is explained in docs/diagnostics.md
 * @param reason for people: what is wrong and what to do
 */
public record RequestFault(String code, String reason) {

    public RequestFault {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(reason, "reason");
    }
}
