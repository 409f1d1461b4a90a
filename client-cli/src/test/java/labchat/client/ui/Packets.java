package labchat.client.ui;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.OptionalInt;
import labchat.client.session.ConnectSettings;
import labchat.client.session.MqttVersion;
import labchat.client.session.Password;
import labchat.client.wire.WireLog;
import labchat.protocol.identity.ChatId;
import labchat.protocol.packet.MqttLevel;
import labchat.protocol.packet.MqttPacket;
import labchat.protocol.packet.PacketDecoder;
import labchat.protocol.topic.ChatTopics;

/** Packets for tests, and a clock that moves on a little with each. */
public final class Packets {

    /** MQTT 5, with a password. */
    public static final String CONNECT =
            "10 1e 0004 4d515454 05 c2 003c 00 0001 63 0006 7465616d3161 0006 736563726574";

    /** MQTT 5, QoS 1, id 7, topic a/b, {"a":1}. */
    public static final String PUBLISH = "32 0f 0003 612f62 0007 00 7b2261223a317d";

    /** MQTT 5, two filters. */
    public static final String SUBSCRIBE = "82 0f 0001 00 0003 612f23 01 0003 2b2f62 02";

    private Packets() {}

    /** Made of digits. */
    public static MqttPacket packet(String hex) {
        return PacketDecoder.decode(HexFormat.of().parseHex(hex.replace(" ", "")), MqttLevel.V5);
    }

    /** CONNECT, CONNACK, SUBSCRIBE, SUBACK, a PUBLISH out, its PUBACK, 12 ms apart. */
    public static WireLog log() {
        WireLog log = new WireLog(new Ticking());
        log.add(true, packet(CONNECT));
        log.add(false, packet("20 03 00 00 00"));
        log.add(true, packet(SUBSCRIBE));
        log.add(false, packet("90 05 0001 00 01 02"));
        log.add(true, packet(PUBLISH));
        log.add(false, packet("40 02 0007"));
        return log;
    }

    /** Where it would have gone. */
    public static ConnectSettings settings(MqttVersion version) {
        return new ConnectSettings(
                "lab.example.org",
                1883,
                new ChatId("team1a"),
                new Password("secret"),
                version,
                OptionalInt.empty(),
                Duration.ofSeconds(60),
                ChatTopics.DEFAULT);
    }

    /** 12 ms later each time. */
    private static final class Ticking extends Clock {
        private Instant now = Instant.parse("2026-11-20T10:15:30Z");

        @Override
        public Instant instant() {
            now = now.plusMillis(12);
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
