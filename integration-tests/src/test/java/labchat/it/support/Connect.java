package labchat.it.support;

/** Builds a CONNECT field by field; checks nothing. */
public final class Connect {

    private int level;
    private int flags = 2;
    private int keepAlive = 60;
    private String clientId = "";
    private Props props = Props.NONE;
    private Props willProps = Props.NONE;
    private String protocol = "MQTT";
    private final PacketWriter will = new PacketWriter();
    private final PacketWriter credentials = new PacketWriter();

    private Connect(Wire wire) {
        level = wire.pick(4, 5);
    }

    /** A clean session with an empty client id, no login, 60 s keep-alive. */
    public static Connect as(Wire wire) {
        return new Connect(wire);
    }

    /** The protocol level as a number, existing or not; from 5 on there are properties. Call it before {@link #will}. */
    public Connect level(int number) {
        level = number;
        return this;
    }

    public Connect clientId(String id) {
        clientId = id;
        return this;
    }

    public Connect login(String name, String secret) {
        credentials.text(name).text(secret);
        return flag(0xc0);
    }

    public Connect persistent() {
        flags &= ~2;
        return this;
    }

    public Connect keepAlive(int seconds) {
        keepAlive = seconds;
        return this;
    }

    public Connect props(Props properties) {
        props = properties;
        return this;
    }

    /** Properties of the Will, in MQTT 5. Call it before {@link #will}. */
    public Connect willProps(Props properties) {
        willProps = properties;
        return this;
    }

    /** Another protocol name than MQTT. */
    public Connect protocol(String name) {
        protocol = name;
        return this;
    }

    /** Sets the one flag that is reserved. */
    public Connect reservedFlag() {
        return flag(1);
    }

    public Connect will(String topic, String payload, int qos, boolean retain) {
        if (level >= 5) {
            willProps.write(will);
        }
        will.text(topic).text(payload);
        return flag(4 | qos << 3 | (retain ? 0x20 : 0));
    }

    private Connect flag(int bits) {
        flags |= bits;
        return this;
    }

    public byte[] encode() {
        PacketWriter out = new PacketWriter().text(protocol).u8(level).u8(flags).u16(keepAlive);
        if (level >= 5) {
            props.write(out);
        }
        return out.text(clientId)
                .bytes(will.toByteArray())
                .bytes(credentials.toByteArray())
                .asPacket(Packet.Type.CONNECT, 0);
    }
}
