package labchat.broker.traffic;

import static labchat.broker.traffic.Packets.TEAM1A;
import static labchat.broker.traffic.Packets.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.Advised;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.event.BrokerEvent.MessagePublished;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.broker.event.BrokerEvent.Subscribed;
import labchat.broker.event.BrokerEvent.Unsubscribed;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConsoleLineTest {

    private static final ClientIdentity NAMELESS = new ClientIdentity(Optional.empty(), "", "10.0.0.8:40000");
    private static final Refusal DENIED =
            new Refusal("acl_denied", "no rule lets team1a write there", Optional.of("acl.conf:12"));
    private static final Optional<ChatFields> MESSAGE =
            Optional.of(new ChatFields("message", "team1a", "team2a", "16fd2706"));
    private static final Optional<ChatFields> TYPING = Optional.of(new ChatFields("typing", "team1a", "team2a", ""));

    static Stream<Arguments> lines() {
        return Stream.of(
                line(
                        new ClientConnected(TIME, TEAM1A, "5", "tcp", 60),
                        "connect        team1a   10.0.0.7:51234  client \"labchat-3f2a\"  MQTT 5  tcp  keep-alive 60 s"),
                line(
                        new LoginRefused(TIME, TEAM1A, Refusal.of("bad_credentials", "bad user name or password")),
                        "login refused  team1a   bad_credentials: bad user name or password"
                                + "  [10.0.0.7:51234 client \"labchat-3f2a\"]"),
                line(
                        new PacketRefused(
                                TIME,
                                TEAM1A,
                                "PUBLISH",
                                "ttm4175/chat/team2a/message",
                                Refusal.of(
                                        "invalid_json",
                                        "line 1, column 2: expected a field name, found a quote: {»'«text': 'secret'}")),
                        "refused        team1a   PUBLISH ttm4175/chat/team2a/message  invalid_json: line 1, column 2:"
                                + " expected a field name, found a quote  [10.0.0.7:51234 client \"labchat-3f2a\"]"),
                line(
                        new Subscribed(TIME, TEAM1A, "ttm4175/chat/team1a/#", 1),
                        "subscribe      team1a   ttm4175/chat/team1a/#  qos 1"),
                line(
                        new Unsubscribed(TIME, TEAM1A, "ttm4175/chat/team1a/#"),
                        "unsubscribe    team1a   ttm4175/chat/team1a/#"),
                line(
                        new MessagePublished(TIME, TEAM1A, "ttm4175/chat/team2a/message", 1, false, 42, MESSAGE, 1),
                        "message        team1a   -> team2a   16fd2706  qos 1  42 bytes  to 1"),
                line(
                        new MessagePublished(TIME, TEAM1A, "ttm4175/chat/team2a/typing", 0, false, 1, TYPING, 0),
                        "typing         team1a   -> team2a   qos 0  1 byte  to 0"),
                line(
                        new MessagePublished(TIME, NAMELESS, "lab/x", 1, true, 3, Optional.empty(), -1),
                        "publish        -        lab/x  qos 1  retained  3 bytes"),
                line(
                        new PacketRefused(TIME, TEAM1A, "PUBLISH", "ttm4175/chat/team3b/message", DENIED),
                        "refused        team1a   PUBLISH ttm4175/chat/team3b/message"
                                + "  acl_denied: no rule lets team1a write there (acl.conf:12)"
                                + "  [10.0.0.7:51234 client \"labchat-3f2a\"]"),
                line(
                        new Advised(TIME, TEAM1A, "ttm4175/chat/team2a/message", Refusal.of("qos_0", "at QoS 0")),
                        "advised        team1a   ttm4175/chat/team2a/message  qos_0: at QoS 0"
                                + "  [10.0.0.7:51234 client \"labchat-3f2a\"]"),
                line(
                        new PacketRefused(TIME, NAMELESS, "PINGREQ", "", Refusal.of("not_connected", "CONNECT first")),
                        "refused        -        PINGREQ  not_connected: CONNECT first  [10.0.0.8:40000 client \"\"]"),
                line(
                        new ClientDisconnected(TIME, TEAM1A, Cause.DISCONNECT, ""),
                        "disconnect     team1a   10.0.0.7:51234  client \"labchat-3f2a\""),
                line(
                        new ClientDisconnected(TIME, TEAM1A, Cause.LOST, "keep-alive ran out"),
                        "lost           team1a   10.0.0.7:51234  client \"labchat-3f2a\"  keep-alive ran out"),
                line(
                        new ClientDisconnected(TIME, TEAM1A, Cause.TAKEN_OVER, ""),
                        "disconnect     team1a   10.0.0.7:51234  client \"labchat-3f2a\"  taken over"),
                line(
                        new ClientDisconnected(TIME, TEAM1A, Cause.CLOSED_BY_BROKER, "second CONNECT"),
                        "disconnect     team1a   10.0.0.7:51234  client \"labchat-3f2a\""
                                + "  closed by the broker: second CONNECT"),
                line(
                        new ClientDisconnected(TIME, TEAM1A, Cause.SHUTDOWN, ""),
                        "disconnect     team1a   10.0.0.7:51234  client \"labchat-3f2a\"  the broker stops"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void of_event_isOneReadableLine(BrokerEvent event, String expected) {
        assertThat(ConsoleLine.of(event)).isEqualTo(expected);
    }

    @Test
    void lines_ofThisTest_areOfEveryKindOfEvent() {
        assertThat(lines().<Object>map(line -> line.get()[0].getClass()).distinct())
                .containsExactlyInAnyOrder((Object[]) BrokerEvent.class.getPermittedSubclasses());
    }

    @Test
    void isRefusal_refusals_areMarked() {
        assertThat(ConsoleLine.isRefusal(new PacketRefused(TIME, TEAM1A, "PUBLISH", "t", DENIED)))
                .isTrue();
        assertThat(ConsoleLine.isRefusal(new LoginRefused(TIME, TEAM1A, DENIED)))
                .isTrue();
        assertThat(ConsoleLine.isRefusal(new Subscribed(TIME, TEAM1A, "t", 0))).isFalse();
    }

    @Test
    void of_hostileTexts_areShownHarmless() {
        String hostile = "x\nconnect  staff \u001b]0;owned\u0007\u202e\u009b\"\\";
        ClientIdentity client = new ClientIdentity(Optional.of(hostile), hostile, hostile);
        Refusal refusal = new Refusal("acl_denied", hostile, Optional.of(hostile));
        Optional<ChatFields> chat = Optional.of(new ChatFields("message", hostile, hostile, hostile));

        assertThat(Stream.of(
                                new ClientConnected(TIME, client, "5", "tcp", 60),
                                new LoginRefused(TIME, client, refusal),
                                new Subscribed(TIME, client, hostile, 1),
                                new Unsubscribed(TIME, client, hostile),
                                new MessagePublished(TIME, client, hostile, 1, false, 1, chat, 1),
                                new MessagePublished(TIME, client, hostile, 1, false, 1, Optional.empty(), 1),
                                new PacketRefused(TIME, client, "PUBLISH", hostile, refusal),
                                new Advised(TIME, client, hostile, refusal),
                                new Advised(TIME, client, hostile, refusal),
                                new ClientDisconnected(TIME, client, Cause.LOST, hostile))
                        .map(ConsoleLine::of))
                .allSatisfy(line -> assertThat(line)
                        .contains("x\\nconnect  staff \\u001b]0;owned\\u0007\\u202e\\u009b")
                        .matches("[ -~]+"));
    }

    @Test
    void of_quoteInAClientId_isToldFromTheClosingOne() {
        ClientIdentity client = new ClientIdentity(Optional.of("team1a"), "a\"  taken over\\", "10.0.0.7:51234");

        assertThat(ConsoleLine.of(new ClientDisconnected(TIME, client, Cause.DISCONNECT, "")))
                .endsWith("client \"a\\\"  taken over\\\\\"");
    }

    @Test
    void of_reasonWithQuotes_keepsThem() {
        Refusal refusal = Refusal.of("sender_mismatch", "\"sender\" is \"team3a\"");

        assertThat(ConsoleLine.of(new PacketRefused(TIME, TEAM1A, "PUBLISH", "t", refusal)))
                .contains("sender_mismatch: \"sender\" is \"team3a\"");
    }

    @Test
    void shown_longText_isCutWithItsLength() {
        assertThat(RemoteText.shown("a".repeat(256))).isEqualTo("a".repeat(256));
        assertThat(RemoteText.shown("a".repeat(257))).isEqualTo("a".repeat(256) + "... (257 characters)");
        assertThat(RemoteText.shown("a".repeat(255) + "\uD83D\uDE00!"))
                .isEqualTo("a".repeat(255) + "... (258 characters)");
    }

    private static Arguments line(BrokerEvent event, String expected) {
        return Arguments.of(event, expected);
    }
}
