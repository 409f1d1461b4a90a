package labchat.client.practice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.client.practice.Check.State;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.DecodeResult;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartnerTest {

    private static final ChatId ME = new ChatId("x1");
    private static final ChatId TEAM1A = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final ChatId STAFF = new ChatId("staff");

    private final List<ChatEvent> published = new ArrayList<>();
    private final List<OddPayload> odd = new ArrayList<>();
    private final List<Partner.Line> changed = new ArrayList<>();
    private final Partner partner = partner();
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private int uuids;

    private Partner partner() {
        return new Partner(
                ME,
                ChatTopics.DEFAULT,
                Set.of(STAFF),
                ZoneOffset.UTC,
                () -> new MessageUuid("%016d".formatted(uuids++)),
                new Partner.Outside() {
                    @Override
                    public void publish(ChatEvent event) {
                        published.add(event);
                    }

                    @Override
                    public void publishOdd(ChatId team, List<OddPayload> payloads) {
                        odd.addAll(payloads);
                    }

                    @Override
                    public void changed(Partner.Line line) {
                        changed.add(line);
                    }
                });
    }

    private void message(ChatId from, String text) {
        partner.arrived(new ChatMessage(from, ME, text, new MessageUuid("m" + uuids++)), now);
    }

    private void later(Duration time) {
        now = now.plus(time);
        partner.tick(now);
    }

    private List<String> texts() {
        return published.stream()
                .filter(ChatMessage.class::isInstance)
                .map(event -> ((ChatMessage) event).text())
                .toList();
    }

    private ChatMessage lastMessage() {
        return (ChatMessage) published.stream()
                .filter(ChatMessage.class::isInstance)
                .reduce((one, two) -> two)
                .orElseThrow();
    }

    private State state(ChatId team, Check check) {
        return partner.lines().stream()
                .filter(line -> line.team().equals(team) && line.check() == check)
                .map(Partner.Line::state)
                .findFirst()
                .orElse(State.OPEN);
    }

    private void receipt(ChatKind kind, String uuid) {
        partner.arrived(new Receipt(kind, TEAM1A, ME, new MessageUuid(uuid)), now);
    }

    private void typing() {
        partner.arrived(new Typing(TEAM1A, ME), now);
    }

    @Test
    void message_isReceiptedAndAnswered() {
        message(TEAM1A, "Hei!");
        assertThat(published).extracting(ChatEvent::kind).containsExactly(ChatKind.DELIVERED);

        later(Duration.ofSeconds(3));

        assertThat(published)
                .extracting(ChatEvent::kind)
                .containsExactly(ChatKind.DELIVERED, ChatKind.READ, ChatKind.TYPING, ChatKind.MESSAGE);
        assertThat(texts().get(0)).contains("You wrote 4 characters: \"Hei!\"");
        assertThat(partner.next()).isEmpty();
    }

    @Test
    void whatTheTeamDoes_isOnItsList() {
        partner.presence(TEAM1A, true, now);
        message(TEAM1A, "Hei!");
        later(Duration.ofSeconds(3));
        String uuid = lastMessage().uuid().value();
        assertThat(state(TEAM1A, Check.DELIVERED_SENT)).isEqualTo(State.OPEN);
        receipt(ChatKind.DELIVERED, uuid);
        receipt(ChatKind.READ, uuid);

        for (Check check : List.of(Check.CONNECTED, Check.MESSAGE_SENT, Check.DELIVERED_SENT, Check.READ_SENT)) {
            assertThat(state(TEAM1A, check)).as(check.title()).isEqualTo(State.DONE);
        }
        assertThat(state(TEAM1A, Check.SUBSCRIBED)).isEqualTo(State.OPEN);
        message(TEAM1A, "seen all");
        later(Duration.ofSeconds(3));
        assertThat(state(TEAM1A, Check.SUBSCRIBED)).isEqualTo(State.DONE);
        message(TEAM1A, "checklist");
        later(Duration.ofSeconds(3));
        assertThat(lastMessage().text())
                .contains("Checklist of team1a, 5 of 7")
                .contains("[x] subscribed to all kinds: message (seen), delivered (you say so)")
                .contains("[ ] typing at most every 3 s: not seen yet. Type to me")
                .contains("[ ] survives bad JSON: not seen yet. Write send broken.");
        assertThat(changed).extracting(Partner.Line::check).contains(Check.CONNECTED, Check.READ_SENT);
    }

    @Test
    void receipt_forAMessageNeverWritten_isWrong_untilARightOne() {
        message(TEAM1A, "Hei!");
        later(Duration.ofSeconds(3));
        receipt(ChatKind.DELIVERED, "something");
        assertThat(state(TEAM1A, Check.DELIVERED_SENT)).isEqualTo(State.WRONG);
        assertThat(partner.list(TEAM1A)).contains("[!] delivered sent: delivered came with a uuid that no message");

        receipt(ChatKind.DELIVERED, lastMessage().uuid().value());
        assertThat(state(TEAM1A, Check.DELIVERED_SENT)).isEqualTo(State.DONE);
        receipt(ChatKind.DELIVERED, "something");
        assertThat(state(TEAM1A, Check.DELIVERED_SENT)).isEqualTo(State.DONE);
    }

    @Test
    void hints_threeSecondsApart_areRight_andFasterOnesWrong() {
        typing();
        assertThat(state(TEAM1A, Check.TYPING_PACED)).isEqualTo(State.OPEN);
        now = now.plusMillis(400);
        typing();
        assertThat(state(TEAM1A, Check.TYPING_PACED)).isEqualTo(State.WRONG);
        assertThat(partner.list(TEAM1A)).contains("two hints 0.4 s apart, 20 Nov 10:00:00");

        now = now.plusSeconds(3);
        typing();
        assertThat(state(TEAM1A, Check.TYPING_PACED)).isEqualTo(State.WRONG);
        for (int i = 0; i < 3; i++) {
            now = now.plusSeconds(3);
            typing();
        }
        assertThat(state(TEAM1A, Check.TYPING_PACED)).isEqualTo(State.DONE);
    }

    @Test
    void firstHintAfterAMessage_isNotTooEarly() {
        typing();
        message(TEAM1A, "Hei!");
        now = now.plusMillis(500);
        typing();

        assertThat(state(TEAM1A, Check.TYPING_PACED)).isEqualTo(State.OPEN);
    }

    @Test
    void broken_isSentOnRequest_andSurvivalIsSeen() {
        message(TEAM1A, "send broken");
        ChatCodec codec = new ChatCodec(ProtocolLimits.DEFAULT);
        assertThat(odd).allSatisfy(payload -> {
            DecodeResult result = codec.decode(payload.kind(), payload.bytes());
            assertThat(result instanceof DecodeResult.Rejected)
                    .as(payload.name())
                    .isEqualTo(payload.broken());
        });

        partner.oddSent(TEAM1A, odd, odd.stream().filter(OddPayload::broken).toList(), Optional.empty());
        assertThat(lastMessage().text()).contains("7 odd payloads", "The server kept 6 broken ones from you");
        assertThat(state(TEAM1A, Check.SURVIVES)).isEqualTo(State.OPEN);
        receipt(ChatKind.DELIVERED, lastMessage().uuid().value());
        assertThat(state(TEAM1A, Check.SURVIVES)).isEqualTo(State.DONE);
        assertThat(partner.list(TEAM1A)).contains("after 7 odd payloads; the server refused 6 broken ones");
    }

    @Test
    void broken_isNotSentTwiceInARow() {
        message(TEAM1A, "send broken");
        int sent = odd.size();
        message(TEAM1A, "send broken");
        assertThat(odd).hasSize(sent);
        later(Partner.BETWEEN_BROKEN);
        message(TEAM1A, "send broken");
        assertThat(odd).hasSize(2 * sent);
    }

    @Test
    void staff_seesAllLists_othersTheirOwn() {
        message(TEAM1A, "Hei!");
        message(TEAM2A, "Hei!");
        later(Duration.ofSeconds(3));
        published.clear();
        message(TEAM1A, "checklist");
        message(STAFF, "checklist");
        message(STAFF, "checklist team2a");
        message(STAFF, "checklist team9a");
        message(TEAM1A, "checklist team2a");
        later(Duration.ofSeconds(3));

        assertThat(texts().get(0)).startsWith("Checklist of team1a").doesNotContain("team2a");
        assertThat(texts().get(1)).contains("\nteam1a 2 of 7; not yet: subscribed", "\nteam2a 2 of 7");
        assertThat(texts().get(2)).startsWith("Checklist of team2a");
        assertThat(texts().get(3)).contains("seen nothing of \"team9a\"");
        assertThat(texts().get(4)).startsWith("Checklist of team1a");
    }

    @Test
    void listsOfManyTeams_areSentInTextsThatFit() {
        for (int i = 0; i < 300; i++) {
            partner.presence(new ChatId("team%d".formatted(i)), true, now);
        }
        message(STAFF, "checklist");
        later(Duration.ofSeconds(3));

        assertThat(texts()).hasSizeGreaterThan(3).allMatch(text -> text.length() <= 4_096);
        assertThat(String.join("\n", texts()).lines().filter(line -> line.startsWith("team")))
                .hasSize(300);
    }

    @Test
    void anotherPartner_itself_theServer_andRooms_getNoAnswer() {
        partner.arrived(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("practice-1")), now);
        partner.arrived(new ChatMessage(ME, ME, "Hei!", new MessageUuid("m1")), now);
        partner.arrived(new ChatMessage(ChatId.SERVER, ME, "Hei!", new MessageUuid("m2")), now);
        partner.arrived(new ChatMessage(TEAM1A, new ChatId("lobby"), "Hei!", new MessageUuid("m3")), now);
        later(Duration.ofSeconds(30));

        assertThat(texts()).isEmpty();
        assertThat(published).extracting(ChatEvent::kind).containsExactly(ChatKind.DELIVERED, ChatKind.READ);
    }

    @Test
    void whoeverWritesWithoutPause_getsReceipts_butNoFloodOfAnswers() {
        for (int i = 0; i < 500; i++) {
            message(TEAM1A, "number " + i);
            later(Duration.ofMillis(10));
        }
        later(Duration.ofSeconds(5));

        assertThat(published).filteredOn(event -> event.kind() == ChatKind.READ).hasSize(500);
        // The first ones, what the pause brings, and one word about it for each pause that was too short.
        assertThat(texts().size()).isLessThanOrEqualTo(Partner.ANSWERS_AT_ONCE + 5);
        assertThat(texts()).anyMatch(text -> text.startsWith("You write faster than I answer"));

        published.clear();
        later(Duration.ofSeconds(30));
        message(TEAM1A, "slowly");
        later(Duration.ofSeconds(3));
        assertThat(texts()).hasSize(1);
    }

    @Test
    void type_sendsThreeHints_andThenExplains() {
        message(TEAM1A, "type");
        for (int i = 0; i < 16; i++) {
            later(Duration.ofSeconds(1));
        }

        assertThat(published)
                .filteredOn(event -> event.kind() == ChatKind.TYPING)
                .hasSize(3);
        assertThat(texts()).singleElement().asString().contains("seen typing");
    }

    @Test
    void lists_surviveARestart_withoutTextsOfMessages(@TempDir Path directory) throws IOException {
        message(TEAM1A, "a secret");
        receipt(ChatKind.READ, "wrong");
        ListFile file = new ListFile(directory.resolve("deep/partner.txt"));
        file.save(partner);
        assertThat(Files.readString(directory.resolve("deep/partner.txt"))).doesNotContain("secret");

        Partner again = partner();
        assertThat(file.load(again)).isZero();

        assertThat(again.lines()).isEqualTo(partner.lines());
    }

    @Test
    void fileWithBadLines_givesTheGoodOnes(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("partner.txt");
        Files.writeString(path, """
                # a comment
                team1a\tmessage_sent\tdone\t2026-11-20T10:00:00Z\t
                team1a\tmessage_sent\tdone\tyesterday\t
                team1a\tjumped\tdone\t2026-11-20T10:00:00Z\t
                te/am\tread_sent\tdone\t2026-11-20T10:00:00Z\t
                nonsense
                """);

        assertThat(new ListFile(path).load(partner)).isEqualTo(4);
        assertThat(state(TEAM1A, Check.MESSAGE_SENT)).isEqualTo(State.DONE);
        assertThat(new ListFile(directory.resolve("none")).load(partner())).isZero();
    }

    @Test
    void reset_beginsAnew() {
        message(TEAM1A, "Hei!");
        message(TEAM1A, "reset");

        assertThat(partner.lines()).allMatch(line -> line.state() == State.OPEN);
    }
}
