package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import labchat.broker.config.ValidationMode;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import labchat.protocol.codec.RejectCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Payloads of the four kinds: what breaks the protocol reaches nobody, and its author stays connected. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PayloadIT {

    private static final String TO_TEAM2A = Chat.messageTopic("team2a");

    /**
     * One mistake.
     *
     * @param code the stable word by which it is reported
     * @param level the topic's last level
     * @param payload Latin-1, one character for each byte
     */
    private record Mistake(String code, String level, String payload) {}

    private static final List<Mistake> MISTAKES = List.of(
            new Mistake("not_utf8", "message", message("\u00e6\u00f8")),
            new Mistake("invalid_json", "message", "{\"sender\":\"team1a\" \"receiver\":\"team2a\"}"),
            new Mistake("invalid_json", "message", ""),
            new Mistake("invalid_json", "message", "Hei!"),
            new Mistake("not_an_object", "message", "[" + message("hei") + "]"),
            new Mistake("not_an_object", "typing", "\"typing\""),
            new Mistake("duplicate_key", "message", message("hei\",\"uuid\":\"second")),
            new Mistake("too_deep", "message", message("hei\",\"x\":" + "[".repeat(16) + "]".repeat(16) + ",\"y\":\"")),
            new Mistake("missing_field", "message", "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"uuid\":\"1\"}"),
            new Mistake("missing_field", "delivered", "{\"sender\":\"team1a\",\"receiver\":\"team2a\"}"),
            new Mistake("missing_field", "typing", "{\"receiver\":\"team2a\"}"),
            new Mistake(
                    "wrong_type",
                    "message",
                    "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":7,\"uuid\":\"1\"}"),
            new Mistake("invalid_id", "typing", "{\"sender\":\"team 1a\",\"receiver\":\"team2a\"}"),
            new Mistake("invalid_uuid", "read", Chat.receipt("read", "team1a", "team2a", "x".repeat(65))),
            new Mistake("empty_text", "message", message("")),
            new Mistake("text_too_long", "message", message("x".repeat(4097))),
            new Mistake("text_too_long", "message", message("x".repeat(100_000))),
            new Mistake("status_mismatch", "read", Chat.receipt("delivered", "team1a", "team2a", "1")),
            new Mistake("receiver_mismatch", "message", Chat.message("team1a", "team3a", "hei")));

    private static String message(String text) {
        return Chat.message("team1a", "team2a", text, "payload");
    }

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    @RegisterExtension
    static final TestBroker WARNING = TestBroker.ofTheClass().validation(ValidationMode.WARN);

    @RegisterExtension
    static final TestBroker LENIENT = TestBroker.ofTheClass().validation(ValidationMode.OFF);

    @RegisterExtension
    static final TestBroker TRUSTING =
            TestBroker.ofTheClass().verifySender(false).maxPacketSize(10_000);

    @Test
    void mistakes_coverEveryCodeOfTheProtocol() {
        Set<String> tried = MISTAKES.stream().map(Mistake::code).collect(Collectors.toSet());
        assertThat(tried)
                .containsAll(
                        Arrays.stream(RejectCode.values()).map(RejectCode::word).toList());
    }

    @OnEveryListener
    void mistake_isAcknowledgedReportedAndReachesNobody(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        for (Mistake mistake : MISTAKES) {
            RawMqtt team1a = BROKER.login(wire, "team1a");
            for (int qos = 0; qos <= 2; qos++) {
                RefusalIT.assertRefused(wire, team1a, publish(mistake), qos, List.of(0x99));
            }
            List<PacketRefused> events = BROKER.recorder().eventsOf(team1a, PacketRefused.class);
            assertThat(events).hasSize(3).allSatisfy(event -> {
                assertThat(event.packet()).isEqualTo("PUBLISH");
                assertThat(event.refusal().code()).isEqualTo(mistake.code());
                assertThat(event.refusal().reason()).isNotBlank();
            });
            RefusalIT.assertOnlyTheNextArrives(team1a, team2a);
        }
    }

    private static Publish publish(Mistake mistake) {
        return Publish.to(Chat.ROOT + "team2a/" + mistake.level(), "").payloadBytes(Bytes.latin1(mistake.payload()));
    }

    @OnEveryListener
    void report_namesThePlaceOfTheMistake(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        team1a.publish(TO_TEAM2A, "{\"sender\":\"team1a\",\n \"receiver\" \"team2a\"}", 1);
        PacketRefused event = BROKER.recorder().await(team1a, PacketRefused.class);
        assertThat(event.refusal().reason()).contains("line 2");
    }

    @OnEveryListener
    void receiver_thatIsNoAccount_isRefused(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        Publish publish = Publish.to(Chat.messageTopic("team99"), Chat.message("team1a", "team99", "anybody?"));
        RefusalIT.assertRefused(wire, team1a, publish, 1, List.of(0x90));
        assertThat(BROKER.recorder()
                        .await(team1a, PacketRefused.class)
                        .refusal()
                        .reason())
                .contains("team99");
    }

    @OnEveryListener
    void packet_aboveTheLimit_closesOnlyItsConnection(Wire wire) throws IOException {
        RawMqtt team2a = TRUSTING.receiver(wire, "team2a", 1);
        RawMqtt other = TRUSTING.login(wire, "team1a");
        RawMqtt team1a = TRUSTING.login(wire, "team1a");
        byte[] tooLarge = Publish.to(TO_TEAM2A, message("x".repeat(10_000))).encode(wire);
        team1a.send(tooLarge);
        team1a.expectClosed();

        // Below the limit nothing happens to anybody.
        other.publish(TO_TEAM2A, message("x".repeat(9_000)), 1);
        RefusalIT.assertOnlyTheNextArrives(other, team2a);
    }

    @OnEveryListener
    void validationWarn_deliversAndReports(Wire wire) throws IOException {
        RawMqtt team2a = WARNING.receiver(wire, "team2a", 1);
        RawMqtt team1a = WARNING.login(wire, "team1a");
        for (Mistake mistake : MISTAKES) {
            assertThat(team1a.publish(publish(mistake), 1).code()).isLessThan(0x80);
            assertThat(team2a.message().payload()).isEqualTo(mistake.payload());
        }
        assertThat(WARNING.recorder().eventsOf(team1a, PacketRefused.class))
                .extracting(event -> event.refusal().code())
                .isEqualTo(MISTAKES.stream().map(Mistake::code).toList());
    }

    @OnEveryListener
    void validationOff_deliversAndSaysNothing(Wire wire) throws IOException {
        RawMqtt team2a = LENIENT.receiver(wire, "team2a", 1);
        RawMqtt team1a = LENIENT.login(wire, "team1a");
        for (Mistake mistake : MISTAKES) {
            assertThat(team1a.publish(publish(mistake), 1).code()).isLessThan(0x80);
            assertThat(team2a.message().payload()).isEqualTo(mistake.payload());
        }
        assertThat(LENIENT.recorder().eventsOf(team1a, PacketRefused.class)).isEmpty();
        // The rules of acl.conf hold all the same.
        RefusalIT.assertRefused(wire, team1a, Publish.to("ttm4175/elsewhere", "x"), 1, List.of(0x87));
    }

    @OnEveryListener
    void verifySenderOff_takesTheSenderAsSaid(Wire wire) throws IOException {
        RawMqtt team2a = TRUSTING.receiver(wire, "team2a", 1);
        RawMqtt team1a = TRUSTING.login(wire, "team1a");
        String payload = Chat.message("team3b", "team2a", "hei");
        assertThat(team1a.publish(TO_TEAM2A, payload, 1).code()).isLessThan(0x80);
        assertThat(team2a.message().text()).isEqualTo(payload);
        // Everything else is checked as ever.
        RefusalIT.assertRefused(wire, team1a, Publish.to(TO_TEAM2A, "{"), 1, List.of(0x99));
    }
}
