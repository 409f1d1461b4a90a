package labchat.it.support;

/** The four ways to speak to the broker: protocol version by transport. */
public enum Wire {
    TCP_V3(false, false),
    TCP_V5(false, true),
    WS_V3(true, false),
    WS_V5(true, true);

    private final boolean webSocket;
    private final boolean v5;

    Wire(boolean webSocket, boolean v5) {
        this.webSocket = webSocket;
        this.v5 = v5;
    }

    public boolean isWebSocket() {
        return webSocket;
    }

    /** MQTT 5; otherwise 3.1.1. */
    public boolean isV5() {
        return v5;
    }

    /** The first if this is MQTT 3.1.1, the second if it is MQTT 5. */
    public <T> T pick(T v3, T five) {
        return v5 ? five : v3;
    }
}
