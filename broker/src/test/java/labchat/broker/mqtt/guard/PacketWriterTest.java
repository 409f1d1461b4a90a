package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketWriterTest {

    private static final byte[] NO_TEXT = {};

    @Test
    void publish_qos1Version3_isTheseBytes() {
        ByteBuf out = Unpooled.buffer();
        Delivery delivery = new Delivery("a/b", new byte[] {'h', 'i'}, 1, PublishProperties.NONE, Optional.empty());
        assertThat(PacketWriter.publish(out, false, delivery, 1, 0x1234, new int[0]))
                .isEqualTo(11);
        // type and QoS 1, remaining length 9, topic length 3, "a/b", packet id, "hi"
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("32" + "09" + "0003" + "612f62" + "1234" + "6869");
    }

    @Test
    void acknowledgement_withReasonVersion5_isTheseBytes() {
        ByteBuf out = Unpooled.buffer();
        PacketWriter.acknowledgement(out, 0x40, true, 7, 0x87, "no".getBytes(StandardCharsets.UTF_8));
        // PUBACK, remaining length 9, packet id, reason, properties of 5 bytes: 0x1f, length 2, "no"
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("40" + "09" + "0007" + "87" + "05" + "1f" + "0002" + "6e6f");
    }

    @Test
    void acknowledgement_withoutReason_isFourBytesInBothVersions() {
        for (boolean version5 : List.of(true, false)) {
            ByteBuf out = Unpooled.buffer();
            PacketWriter.acknowledgement(out, 0x62, version5, 7, 0, NO_TEXT);
            assertThat(ByteBufUtil.hexDump(out)).isEqualTo("62020007");
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0,false", "1,0,false", "2,100,false", "0,0,true", "1,127,true", "2,128,true", "1,20000,true"})
    void publish_anything_isReadBackByNettysDecoder(int qos, int payloadLength, boolean version5) {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(MqttPropertyType.CONTENT_TYPE.value(), "application/json"));
        properties.add(new MqttProperties.UserProperty("lab", "blå"));
        properties.add(new MqttProperties.BinaryProperty(MqttPropertyType.CORRELATION_DATA.value(), new byte[] {1, 2}));
        properties.add(new MqttProperties.IntegerProperty(MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL.value(), 3600));
        byte[] payload = new byte[payloadLength];
        Delivery delivery = new Delivery(
                "ttm4175/chat/team2a/message", payload, qos, PublishProperties.of(properties), Optional.empty());
        int[] ids = version5 ? new int[] {1, 268_435_455} : new int[0];

        ByteBuf out = Unpooled.buffer();
        int length = PacketWriter.publish(out, version5, delivery, qos, qos == 0 ? 0 : 4711, ids);
        assertThat(length).isEqualTo(out.readableBytes());
        assertThat(PacketWriter.publishLength(version5, delivery, ids)).isGreaterThanOrEqualTo(length);

        MqttPublishMessage read = (MqttPublishMessage) decoded(out, version5);
        assertThat(read.fixedHeader().qosLevel()).isEqualTo(MqttQoS.valueOf(qos));
        assertThat(read.fixedHeader().isDup()).isFalse();
        assertThat(read.fixedHeader().isRetain()).isFalse();
        assertThat(read.variableHeader().topicName()).isEqualTo("ttm4175/chat/team2a/message");
        assertThat(ByteBufUtil.getBytes(read.payload())).isEqualTo(payload);
        if (qos > 0) {
            assertThat(read.variableHeader().packetId()).isEqualTo(4711);
        }
        if (version5) {
            MqttProperties got = read.variableHeader().properties();
            assertThat(got.getProperty(MqttPropertyType.CONTENT_TYPE.value()).value())
                    .isEqualTo("application/json");
            assertThat(got.getProperty(MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL.value())
                            .value())
                    .isEqualTo(3600);
            assertThat(got.getProperties(MqttPropertyType.SUBSCRIPTION_IDENTIFIER.value()))
                    .hasSize(2);
            MqttProperties.UserProperties user =
                    (MqttProperties.UserProperties) got.getProperty(MqttPropertyType.USER_PROPERTY.value());
            assertThat(user.value()).containsExactly(new MqttProperties.StringPair("lab", "blå"));
        }
    }

    @Test
    void acknowledgement_anything_isReadBackByNettysDecoder() {
        ByteBuf out = Unpooled.buffer();
        PacketWriter.acknowledgement(
                out, 0x50, true, 65_535, 0x90, "x".repeat(300).getBytes(StandardCharsets.UTF_8));
        MqttMessage read = decoded(out, true);
        assertThat(read.fixedHeader().messageType()).isEqualTo(MqttMessageType.PUBREC);
        MqttPubReplyMessageVariableHeader header = (MqttPubReplyMessageVariableHeader) read.variableHeader();
        assertThat(header.messageId()).isEqualTo(65_535);
        assertThat(header.reasonCode()).isEqualTo((byte) 0x90);
        assertThat(header.properties()
                        .getProperty(MqttPropertyType.REASON_STRING.value())
                        .value())
                .isEqualTo("x".repeat(300));
    }

    /** The decoder reads by the version of the CONNECT that it saw. */
    private static MqttMessage decoded(ByteBuf bytes, boolean version5) {
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(1 << 20), MqttEncoder.INSTANCE);
        MqttConnectVariableHeader header = new MqttConnectVariableHeader(
                "MQTT", version5 ? 5 : 4, false, false, false, 0, false, true, 60, MqttProperties.NO_PROPERTIES);
        channel.writeOutbound(new MqttConnectMessage(
                new MqttFixedHeader(MqttMessageType.CONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0),
                header,
                new MqttConnectPayload("c", MqttProperties.NO_PROPERTIES, null, null, null, null)));
        ByteBuf connect = channel.readOutbound();
        channel.writeInbound(connect);
        channel.readInbound();
        channel.writeInbound(bytes);
        MqttMessage read = channel.readInbound();
        assertThat(read.decoderResult().isSuccess())
                .as(String.valueOf(read.decoderResult().cause()))
                .isTrue();
        return read;
    }

    @ParameterizedTest
    @CsvSource({"0,00", "127,7f", "128,8001", "16383,ff7f", "16384,808001", "268435455,ffffff7f"})
    void writeVariableInt_limits_areTheSpecifications(int value, String hex) {
        ByteBuf out = Unpooled.buffer();
        PacketWriter.writeVariableInt(out, value);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex);
        assertThat(PacketWriter.lengthOfVariableInt(value))
                .isEqualTo(HexFormat.of().parseHex(hex).length);
    }
}
