package labchat.it.support;

/** Builds a PUBLISH field by field; checks nothing. */
public final class Publish {

    private byte[] topic;
    private byte[] payload;
    private int flags;
    private int id;
    private Props props = Props.NONE;

    private Publish(String topic, String payload) {
        this.topic = Bytes.utf8(topic);
        this.payload = Bytes.utf8(payload);
    }

    /** At QoS 0, not retained. */
    public static Publish to(String topic, String payload) {
        return new Publish(topic, payload);
    }

    public Publish topicBytes(byte[] bytes) {
        topic = bytes.clone();
        return this;
    }

    public Publish payloadBytes(byte[] bytes) {
        payload = bytes.clone();
        return this;
    }

    /** @param packetId written only above QoS 0 */
    public Publish qos(int qos, int packetId) {
        flags = flags & 9 | qos << 1;
        id = packetId;
        return this;
    }

    public Publish retain() {
        flags |= 1;
        return this;
    }

    public Publish dup() {
        flags |= 8;
        return this;
    }

    public Publish props(Props properties) {
        props = properties;
        return this;
    }

    int qos() {
        return flags >> 1 & 3;
    }

    public byte[] encode(Wire wire) {
        PacketWriter out = new PacketWriter().lengthAndBytes(topic);
        if (qos() > 0) {
            out.u16(id);
        }
        if (wire.isV5()) {
            props.write(out);
        }
        return out.bytes(payload).asPacket(Packet.Type.PUBLISH, flags);
    }
}
