package labchat.broker.recording;

import java.io.IOException;

/** A recording cannot be written, read or played back; the message is one line for staff. */
public final class RecordingException extends IOException {

    private static final long serialVersionUID = 1L;

    public RecordingException(String message) {
        super(message);
    }

    public RecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
