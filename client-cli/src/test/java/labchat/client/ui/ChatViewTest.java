package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatViewTest {

    private static final ChatId TEAM1A = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final Instant AT = Instant.parse("2026-11-20T10:15:30Z");

    private final ChatView plain = new ChatView(false, true, ZoneOffset.UTC);
    private final ChatView ascii = new ChatView(false, false, ZoneOffset.UTC);
    private final ChatView colored = new ChatView(true, true, ZoneOffset.UTC);

    @Test
    void incomingMessage_hasTimeAndName() {
        assertThat(plain.render(new ChatLine.Incoming(AT, TEAM2A, "Hei!"))).isEqualTo("10:15 team2a: Hei!");
    }

    @Test
    void furtherLines_areMarkedSoThatTheyCannotPassForEntries() {
        assertThat(plain.render(new ChatLine.Incoming(AT, TEAM2A, "one\n10:16 team3a: two")))
                .isEqualTo("10:15 team2a: one\n      │ 10:16 team3a: two");
    }

    @Test
    void remoteText_reachesNoTerminalUnescaped() {
        String evil = "\u001b[31mred\u202e\u0007";

        assertThat(plain.render(new ChatLine.Incoming(AT, TEAM2A, evil))).doesNotContain("\u001b", "\u202e", "\u0007");
        assertThat(plain.render(new ChatLine.Note(evil))).doesNotContain("\u001b", "\u202e", "\u0007");
        assertThat(plain.render(new ChatLine.Problem(evil))).doesNotContain("\u001b", "\u202e", "\u0007");
        assertThat(plain.render(new ChatLine.Past(
                        TEAM1A,
                        evil,
                        List.of(new HistoryEntry(
                                new ChatMessage(TEAM2A, TEAM1A, evil, new MessageUuid("m1")),
                                AT,
                                false,
                                Map.of(),
                                Map.of())),
                        "",
                        AT)))
                .doesNotContain("\u001b", "\u202e", "\u0007");
        assertThat(plain.render(new ChatLine.Status(ChatKind.READ, TEAM2A, evil)))
                .doesNotContain("\u001b", "\u202e", "\u0007");
    }

    @Test
    void receipts_sayDeliveredAndRead() {
        assertThat(plain.render(new ChatLine.Status(ChatKind.DELIVERED, TEAM2A, "Hei!")))
                .isEqualTo("  ✓ (delivered) team2a: \"Hei!\"");
        assertThat(plain.render(new ChatLine.Status(ChatKind.READ, TEAM2A, "Hei!")))
                .isEqualTo("  ✓✓ (read) team2a: \"Hei!\"");
    }

    @Test
    void quotedText_isShortenedToOneLine() {
        String line = plain.render(new ChatLine.Status(ChatKind.READ, TEAM2A, "one\ntwo " + "x".repeat(100)));

        assertThat(line).doesNotContain("\n").contains("\"one two x").endsWith("x…\"");
    }

    @Test
    void tally_countsReceiptsAndRefusals() {
        assertThat(plain.render(new ChatLine.Tally(Optional.empty(), "Hei", 29, 3, 0, List.of())))
                .isEqualTo("  ✓ (delivered) to all: \"Hei\" (delivered to 3 of 29)");
        assertThat(plain.render(new ChatLine.Tally(Optional.empty(), "Hei", 29, 3, 2, List.of(new ChatId("x6")))))
                .isEqualTo("  ✓✓ (read) to all: \"Hei\" (delivered to 3 of 29, read by 2, refused for x6)");
    }

    @Test
    void prompt_namesThePartner() {
        assertThat(plain.prompt(TEAM1A, Optional.of(TEAM2A))).isEqualTo("team1a → team2a> ");
        assertThat(plain.prompt(TEAM1A, Optional.empty())).isEqualTo("team1a> ");
    }

    @Test
    void typing_namesAllWhoDo() {
        assertThat(plain.typing(List.of(TEAM1A))).isEqualTo("team1a is typing…");
        assertThat(plain.typing(List.of(TEAM2A, TEAM1A))).isEqualTo("team1a and team2a are typing…");
        assertThat(plain.typing(List.of())).isEmpty();
    }

    @Test
    void asciiOutput_getsNothingElse() {
        String everything = ascii.render(new ChatLine.Outgoing(AT, Optional.of(TEAM2A), 1, "a\nb"))
                + ascii.render(new ChatLine.Status(ChatKind.DELIVERED, TEAM2A, "a"))
                + ascii.render(new ChatLine.Status(ChatKind.READ, TEAM2A, "a"))
                + ascii.render(new ChatLine.Help())
                + ascii.prompt(TEAM1A, Optional.of(TEAM2A))
                + ascii.typing(List.of(TEAM2A));

        assertThat(everything).matches("[\\n -~]+");
    }

    @Test
    void color_onlyWhenAskedFor() {
        ChatLine line = new ChatLine.Incoming(AT, TEAM2A, "Hei!");

        assertThat(colored.render(line)).contains("\u001b[").endsWith(": Hei!");
        assertThat(plain.render(line)).doesNotContain("\u001b");
    }

    @Test
    void people_areGroupedByPresence() {
        ChatLine line = new ChatLine.People(
                true,
                List.of(
                        new Contact(TEAM1A, Optional.of(true), Optional.of(AT), false),
                        new Contact(TEAM2A, Optional.of(false), Optional.of(AT), false),
                        new Contact(new ChatId("x1"), Optional.of(false), Optional.empty(), false)),
                AT.plusSeconds(86_400));

        assertThat(plain.render(line))
                .isEqualTo("  online: team1a (since yesterday 10:15)\n"
                        + "  offline: team2a (since yesterday 10:15)\n"
                        + "  never connected: x1");
    }

    @Test
    void manyPeople_goOnInLinesOfTheirOwn() {
        List<Contact> many = IntStream.range(0, 30)
                .mapToObj(i -> new Contact(
                        new ChatId("team" + i), Optional.of(false), Optional.of(AT.minusSeconds(86_400)), false))
                .toList();

        assertThat(plain.render(new ChatLine.People(true, many, AT)).lines())
                .hasSizeGreaterThan(10)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81).doesNotEndWith(" "));
    }

    @Test
    void people_withoutPresence_saySo() {
        ChatLine line = new ChatLine.People(
                false,
                List.of(
                        new Contact(TEAM1A, Optional.empty(), Optional.empty(), true),
                        new Contact(TEAM2A, Optional.empty(), Optional.empty(), false)),
                AT);

        assertThat(plain.render(line))
                .isEqualTo("  heard from: team1a\n  contacts: team2a\n  (the server has not said who is connected)");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T00:00:00Z,00:00",
        "2026-11-19T23:59:59Z,yesterday 23:59",
        "2026-11-18T16:02:00Z,18 Nov 16:02",
        "2025-12-31T16:02:00Z,31 Dec 2025 16:02",
        "2026-11-21T16:02:00Z,21 Nov 16:02"
    })
    void moments_areToldFromToday(Instant at, String words) {
        assertThat(plain.moment(at, AT)).isEqualTo(words);
    }

    @Test
    void messageInARoom_namesTheRoom() {
        assertThat(plain.render(new ChatLine.Incoming(AT, TEAM2A, Optional.of(new ChatId("lobby")), "Hei!", AT)))
                .isEqualTo("10:15 [lobby] team2a: Hei!");
    }

    @Test
    void missed_saysHowManySinceWhen() {
        assertThat(plain.render(new ChatLine.Missed(12, Optional.of(AT), AT.plusSeconds(86_400))))
                .isEqualTo("-- 12 new since yesterday 10:15");
        assertThat(plain.render(new ChatLine.Missed(1, Optional.empty(), AT))).isEqualTo("-- 1 new");
    }

    @Test
    void past_showsWhoSaidWhatAndWhatBecameOfOnesOwn() {
        ChatMessage incoming = new ChatMessage(TEAM2A, TEAM1A, "Hei!", new MessageUuid("m1"));
        ChatMessage mine = new ChatMessage(TEAM1A, TEAM2A, "Hei du\nder", new MessageUuid("m2"));
        ChatMessage inRoom = new ChatMessage(TEAM1A, new ChatId("lobby"), "alle", new MessageUuid("m3"));
        ChatLine line = new ChatLine.Past(
                TEAM1A,
                "history with team2a",
                List.of(
                        new HistoryEntry(incoming, AT, false, Map.of(), Map.of()),
                        new HistoryEntry(mine, AT, false, Map.of(TEAM2A, AT), Map.of()),
                        new HistoryEntry(
                                inRoom, AT, true, Map.of(TEAM2A, AT, new ChatId("x1"), AT), Map.of(TEAM2A, AT))),
                "/history more for what is older",
                AT);

        assertThat(plain.render(line)).isEqualTo("""
                        -- history with team2a; /history more for what is older
                          10:15 team2a: Hei!
                          10:15 → team2a: Hei du
                              │ der  ✓ (delivered)
                          10:15 → lobby: alle  (delivered to 2, read by 1)""");
    }

    @Test
    void rooms_sayWhatOneMayDo() {
        ChatLine line = new ChatLine.Rooms(List.of(
                new RoomInfo(new ChatId("lobby"), true, List.of(TEAM1A, TEAM2A), true),
                new RoomInfo(new ChatId("open"), true, List.of(TEAM2A), false),
                new RoomInfo(new ChatId("secret"), false, List.of(TEAM2A), false)));

        assertThat(plain.render(line)).isEqualTo("""
                          lobby  public, 2 members, you are in it
                          open  public, 1 member
                          secret  private, 1 member, you are invited: /join secret""".indent(2).stripTrailing());
        assertThat(plain.render(new ChatLine.Rooms(List.of()))).contains("/create");
    }

    @Test
    void tallyInARoom_namesIt() {
        assertThat(plain.render(new ChatLine.Tally(Optional.of(new ChatId("lobby")), "Hei", 29, 3, 0, List.of())))
                .isEqualTo("  ✓ (delivered) in lobby: \"Hei\" (delivered to 3 of 29)");
    }
}
