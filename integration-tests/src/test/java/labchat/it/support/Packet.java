package labchat.it.support;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A packet as it came from the broker.
 *
 * @param flags the low four bits of the first byte
 * @param id the packet id, or 0
 * @param topic of a PUBLISH, else empty
 * @param payload of a PUBLISH, one Latin-1 character for each byte, so that packets print and compare
 * @param codes the return or reason codes; 0 where MQTT 5 leaves a code out
 * @param sessionPresent of a CONNACK
 */
public record Packet(
        Type type,
        int flags,
        int id,
        String topic,
        String payload,
        List<Integer> codes,
        Props props,
        boolean sessionPresent) {

    /** Packet types by their codes. */
    public enum Type {
        RESERVED,
        CONNECT,
        CONNACK,
        PUBLISH,
        PUBACK,
        PUBREC,
        PUBREL,
        PUBCOMP,
        SUBSCRIBE,
        SUBACK,
        UNSUBSCRIBE,
        UNSUBACK,
        PINGREQ,
        PINGRESP,
        DISCONNECT,
        AUTH;

        int code() {
            return ordinal();
        }
    }

    public Packet {
        codes = List.copyOf(codes);
    }

    public int qos() {
        return flags >> 1 & 3;
    }

    public boolean isRetain() {
        return (flags & 1) != 0;
    }

    public boolean isDup() {
        return (flags & 8) != 0;
    }

    /** The only code. */
    public int code() {
        if (codes.size() != 1) {
            throw new AssertionError("expected one code: " + this);
        }
        return codes.get(0);
    }

    /** The payload read as UTF-8. */
    public String text() {
        return new String(Bytes.latin1(payload), StandardCharsets.UTF_8);
    }

    static Packet read(int first, byte[] body, boolean v5) {
        PacketReader in = new PacketReader(body);
        Type type = Type.values()[first >> 4];
        int flags = first & 15;
        int id = 0;
        String topic = "";
        List<Integer> codes = new ArrayList<>();
        Props props = Props.NONE;
        boolean sessionPresent = false;
        switch (type) {
            case CONNACK -> {
                sessionPresent = in.u8() == 1;
                codes.add(in.u8());
                props = v5 ? Props.read(in) : props;
            }
            case PUBLISH -> {
                topic = in.text();
                id = (flags & 6) == 0 ? 0 : in.u16();
                props = v5 ? Props.read(in) : props;
            }
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> {
                id = in.u16();
                codes.add(in.hasMore() ? in.u8() : 0);
                props = in.hasMore() ? Props.read(in) : props;
            }
            case SUBACK, UNSUBACK -> {
                id = in.u16();
                props = v5 ? Props.read(in) : props;
                while (in.hasMore()) {
                    codes.add(in.u8());
                }
            }
            case DISCONNECT -> {
                codes.add(in.hasMore() ? in.u8() : 0);
                props = in.hasMore() ? Props.read(in) : props;
            }
            case PINGRESP -> {}
            default -> throw new IllegalArgumentException("a broker does not send " + type);
        }
        return new Packet(type, flags, id, topic, Bytes.toLatin1(in.rest()), codes, props, sessionPresent);
    }
}
