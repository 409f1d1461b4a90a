package labchat.client.ui;

import java.util.Objects;
import labchat.client.session.SessionFailure;

/** How a chat ended. */
public sealed interface ChatResult {

    /** Does one thing for each way; the compiler reports a forgotten one. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each way. */
    interface Visitor<R> {
        R left();

        R failed(Failed result);

        R interrupted();

        R outputLost(OutputLost result);
    }

    /** The user left. */
    record Left() implements ChatResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.left();
        }
    }

    /** The session ended. */
    record Failed(SessionFailure failure) implements ChatResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.failed(this);
        }
    }

    /** Ctrl-C. */
    record Interrupted() implements ChatResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.interrupted();
        }
    }

    /** Nobody reads the output any more, or it cannot be written. */
    record OutputLost(Output.OutputException cause) implements ChatResult {
        public OutputLost {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.outputLost(this);
        }
    }
}
