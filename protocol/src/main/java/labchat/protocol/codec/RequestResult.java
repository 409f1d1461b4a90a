package labchat.protocol.codec;

import java.util.Objects;
import labchat.protocol.event.RequestFault;

/** What became of reading a request. */
public sealed interface RequestResult<T> {

    /** It is one. */
    record Read<T>(T request) implements RequestResult<T> {
        public Read {
            Objects.requireNonNull(request, "request");
        }
    }

    /** It is none; the fault's code is one of {@link RejectCode}'s words, or {@code invalid_request}. */
    record Refused<T>(RequestFault fault) implements RequestResult<T> {
        public Refused {
            Objects.requireNonNull(fault, "fault");
        }
    }
}
