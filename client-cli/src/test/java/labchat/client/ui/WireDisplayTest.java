package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import labchat.client.session.ConnectSettings;
import labchat.client.session.MqttVersion;
import labchat.client.tls.ClientTls;
import labchat.client.tls.Fingerprint;
import labchat.client.wire.WireEntry;
import labchat.client.wire.WireLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireDisplayTest {

    private final WireDisplay display = new WireDisplay(Packets.log(), Packets.settings(MqttVersion.V5), false);

    private String command(int number) {
        ChatLine line = display.command(number == 0 ? OptionalInt.empty() : OptionalInt.of(number));
        return new ChatView(false, true, ZoneOffset.UTC).render(line);
    }

    @Test
    void packets_areToldOf_withAllThatCounts_andWithoutThePassword() {
        String text = display.entries().stream()
                .map(entry -> display.text(entry, false, true))
                .collect(Collectors.joining("\n"));

        assertThat(text)
                .isEqualTo(String.join(
                        "\n",
                        "   1 → CONNECT    MQTT 5, clean start, keep alive 60 s, client id c, user team1a,"
                                + " password [redacted]",
                        "   2 ← CONNACK    success, no session  +12 ms",
                        "   3 → SUBSCRIBE  a/# QoS 1  +/b QoS 2  id 1  +12 ms",
                        "   4 ← SUBACK     id 1, granted QoS 1, granted QoS 2  +12 ms",
                        "   5 → PUBLISH    a/b  QoS 1, id 7  +12 ms",
                        "      {\"a\":1}",
                        "   6 ← PUBACK     id 7  +12 ms"));
    }

    @Test
    void payload_isColouredAsJson() {
        WireEntry publish = display.entries().get(4);

        assertThat(display.text(publish, true, true)).contains("{\u001b[34m\"a\"\u001b[0m:\u001b[33m1\u001b[0m}");
    }

    @Test
    void textFromElsewhere_isHarmless() {
        WireLog log = new WireLog(Clock.systemUTC());
        // Topic a ESC b, payload ESC [ 2 J, then a right-to-left override.
        log.add(false, Packets.packet("30 0d 0003 611b62 00 1b5b324ae280ae"));
        WireDisplay evil = new WireDisplay(log, Packets.settings(MqttVersion.V5), true);

        assertThat(evil.text(evil.entries().get(0), false, true))
                .contains("a\\u001bb", "\\u001b[2J\\u202e")
                .doesNotContain("\u001b", "\u202e");
        assertThat(evil.command(evil.entries().get(0))).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void malformedPacket_saysWhatIsWrong() {
        WireLog log = new WireLog(Clock.systemUTC());
        log.add(false, Packets.packet("40 02 0000"));
        WireDisplay faulty = new WireDisplay(log, Packets.settings(MqttVersion.V5), true);

        assertThat(faulty.text(faulty.entries().get(0), false, false))
                .isEqualTo("   1 < PUBACK     id 0\n      byte 2: a packet id is 1 to 65535, found 0");
    }

    @Test
    void command_ofAPacket_doesTheSame_withoutThePassword() {
        assertThat(command(0))
                .isEqualTo("-- packet 5: mosquitto_pub -h lab.example.org -p 1883 -V mqttv5 -u team1a"
                        + " -P \"$LABCHAT_PASSWORD\" -q 1 -t a/b -m '{\"a\":1}'");
        assertThat(command(3))
                .isEqualTo("-- packet 3: mosquitto_sub -h lab.example.org -p 1883 -V mqttv5 -u team1a"
                        + " -P \"$LABCHAT_PASSWORD\" -q 2 -t 'a/#' -t +/b -v");
        assertThat(command(1)).contains("packet 1 is CONNECT, which Mosquitto's programs send or get by themselves");
        assertThat(command(99)).contains("there is no packet 99");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"a/b | a/b", "a b | 'a b'", "it's | 'it'\\''s'", "$HOME | '$HOME'", "a\\b | 'a\\b'", "-x | -x"})
    void words_areQuotedForAShell(String text, String quoted) {
        assertThat(MosquittoCommand.quote(text)).isEqualTo(quoted);
    }

    @Test
    void words_withControls_areWrittenAsEscapes() {
        assertThat(MosquittoCommand.quote("a\nb\u001b'")).isEqualTo("$'a\\nb\\u001b\\''");
    }

    @Test
    void log_isBounded() {
        WireLog log = new WireLog(Clock.systemUTC());
        for (int i = 0; i < WireLog.MOST_ENTRIES + 5; i++) {
            log.add(true, Packets.packet("c0 00"));
        }

        List<WireEntry> entries = log.entries();
        assertThat(entries).hasSize(WireLog.MOST_ENTRIES);
        assertThat(entries.get(0).number()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"b\"} | PLAIN:{ KEY:\"a\" PLAIN:: STRING:\"b\" PLAIN:}",
                "[1,true,-2.5e3] | PLAIN:[ NUMBER:1 PLAIN:, WORD:true PLAIN:, NUMBER:-2.5e3 PLAIN:]",
                "{a:\"b | PLAIN:{ FAULT:a PLAIN:: STRING:\"b",
                "hello | PLAIN:hello"
            })
    void json_isTakenApart_alsoIfItIsBroken(String text, String spans) {
        assertThat(JsonSpans.of(text).stream()
                        .map(span -> span.kind() + ":" + span.text())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(spans);
    }

    private static String overTls(ClientTls tls) {
        ConnectSettings plain = Packets.settings(MqttVersion.V5);
        ConnectSettings settings = new ConnectSettings(
                plain.host(),
                8883,
                plain.user(),
                plain.password(),
                plain.version(),
                plain.qos(),
                plain.keepAlive(),
                plain.topics(),
                Optional.of(tls));
        WireDisplay secure = new WireDisplay(Packets.log(), settings, false);
        return new ChatView(false, true, ZoneOffset.UTC).render(secure.command(OptionalInt.of(5)));
    }

    @Test
    void command_overTls_trustsWhomTheSessionTrusts() {
        Fingerprint fingerprint = Fingerprint.parse("A2:".repeat(31) + "A2").orElseThrow();

        assertThat(overTls(ClientTls.ofTheSystem(Optional.empty())))
                .contains("-p 8883", " --tls-use-os-certs ")
                .doesNotContain("--insecure", "#");
        assertThat(overTls(ClientTls.insecure(Optional.empty()))).contains(" --tls-use-os-certs --insecure ");
        assertThat(overTls(ClientTls.named(fingerprint, Optional.empty())))
                .contains(" --cafile ca.crt ")
                .endsWith("# Mosquitto knows no fingerprints: it needs the class's ca.crt");
    }
}
