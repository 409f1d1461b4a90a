package labchat.client.session;

import java.util.Objects;
import java.util.Optional;
import labchat.protocol.codec.HistoryCodec;
import labchat.protocol.codec.RoomsCodec;
import labchat.protocol.codec.StepsCodec;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.StepsAnswer;
import labchat.protocol.event.StepsRequest;

/**
 * Something asked of the server: published to {@code ROOT/server/<level>}, answered on {@code ROOT/<user>/<level>}.
 *
 * @param <A> the answer
 */
public sealed interface ServerRequest<A> {

    /** The last level of both topics. */
    String level();

    /** What is published, UTF-8 JSON. */
    byte[] payload();

    /** Reads what came on the answer's topic; empty if it is no answer. */
    Optional<A> read(byte[] payload);

    /** What an answer repeats of its request. MQTT 3.1.1 has nothing else to tell answers apart by. */
    String mark();

    /** The mark of an answer; the same as that of its request. */
    String markOf(A answer);

    /** Why the request was not carried out; empty if it was. */
    Optional<RequestFault> fault(A answer);

    /** Asks for what was said. */
    record History(HistoryRequest request) implements ServerRequest<HistoryAnswer> {
        public History {
            Objects.requireNonNull(request, "request");
        }

        @Override
        public String level() {
            return HistoryRequest.LEVEL;
        }

        @Override
        public byte[] payload() {
            return HistoryCodec.encode(request);
        }

        @Override
        public Optional<HistoryAnswer> read(byte[] payload) {
            return HistoryCodec.decodeAnswer(payload);
        }

        @Override
        public String mark() {
            return request.with().toString();
        }

        @Override
        public String markOf(HistoryAnswer answer) {
            return answer.with().toString();
        }

        @Override
        public Optional<RequestFault> fault(HistoryAnswer answer) {
            return answer.fault();
        }
    }

    /** Asks about rooms, or for a change of one. */
    record Rooms(RoomsRequest request) implements ServerRequest<RoomsAnswer> {
        public Rooms {
            Objects.requireNonNull(request, "request");
        }

        @Override
        public String level() {
            return RoomsRequest.LEVEL;
        }

        @Override
        public byte[] payload() {
            return RoomsCodec.encode(request);
        }

        @Override
        public Optional<RoomsAnswer> read(byte[] payload) {
            return RoomsCodec.decodeAnswer(payload);
        }

        @Override
        public String mark() {
            return request.action().word() + " " + request.room();
        }

        @Override
        public String markOf(RoomsAnswer answer) {
            return answer.action() + " " + answer.room();
        }

        @Override
        public Optional<RequestFault> fault(RoomsAnswer answer) {
            return answer.fault();
        }
    }

    /** Asks how far the user's own program is with a step of the lab; the answer may take three seconds. */
    record Steps(StepsRequest request) implements ServerRequest<StepsAnswer> {
        public Steps {
            Objects.requireNonNull(request, "request");
        }

        @Override
        public String level() {
            return StepsRequest.LEVEL;
        }

        @Override
        public byte[] payload() {
            return StepsCodec.encode(request);
        }

        @Override
        public Optional<StepsAnswer> read(byte[] payload) {
            return StepsCodec.decodeAnswer(payload);
        }

        @Override
        public String mark() {
            return request.step() + " " + request.run();
        }

        @Override
        public String markOf(StepsAnswer answer) {
            return answer.step() + " " + answer.run();
        }

        @Override
        public Optional<RequestFault> fault(StepsAnswer answer) {
            return Optional.empty();
        }
    }
}
