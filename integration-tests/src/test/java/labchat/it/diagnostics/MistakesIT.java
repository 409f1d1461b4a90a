package labchat.it.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import labchat.broker.config.Limits;
import labchat.it.support.BrokerProcess;
import labchat.it.support.PythonPeer;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mistakes that students make, sent by a paho-mqtt program: each is explained to its author, once and at once. */
@EnabledIf("labchat.it.support.PythonPeer#isInstalled")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MistakesIT {

    /** Who waits longer does not connect the explanation with what they did; a slow machine may need longer. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private enum After {
        CONNECTED,
        CLOSED,
        NEVER_CONNECTED
    }

    /**
     * What is to come of a mistake; {@code {user}} and {@code {to}} stand for who made it and at whom it was aimed, the
     * kinds in the topic stand behind the chat's root.
     */
    private record Mistake(
            String name, String code, String topic, String reason, String hint, String payload, After after) {

        Mistake(String name, String code, String topic, String reason, String hint, String payload) {
            this(name, code, topic, reason, hint, payload, After.CONNECTED);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String TO = "ttm4175/chat/{to}/message";
    private static final String OWN = "ttm4175/chat/{user}/#";
    private static final String GOOD = "{\"sender\": \"{user}\", \"receiver\": \"{to}\"";

    static List<Mistake> mistakes() {
        return List.of(
                new Mistake(
                        "single_quotes",
                        "invalid_json",
                        TO,
                        "line 1, column 2: expected a field name in double quotes, or }, found a single quote: {»'«sender",
                        "JSON has double quotes, not single ones: publish json.dumps(data), not str(data).",
                        "{'sender': '{user}'"),
                new Mistake(
                        "trailing_comma",
                        "invalid_json",
                        TO,
                        "expected a field name in double quotes, found }",
                        "Remove the comma before the closing bracket.",
                        GOOD),
                new Mistake(
                        "missing_brace",
                        "invalid_json",
                        TO,
                        "expected a comma or }, found the end",
                        "A closing brace } is missing",
                        GOOD),
                new Mistake(
                        "missing_quote",
                        "invalid_json",
                        TO,
                        "expected a comma or }, found \"uuid\"",
                        "A double quote is missing",
                        GOOD),
                new Mistake("pythons_none", "invalid_json", TO, "found \"None\"", "not Python's None", GOOD),
                new Mistake("pythons_true", "invalid_json", TO, "found \"True\"", "not Python's True", GOOD),
                new Mistake(
                        "plain_text",
                        "invalid_json",
                        TO,
                        "line 1, column 1: expected a value, found \"Hei\"",
                        "The payload is plain text: publish json.dumps(",
                        "Hei på deg!"),
                new Mistake("empty_payload", "invalid_json", TO, "found nothing", "publish json.dumps(data)", ""),
                new Mistake(
                        "dumped_twice",
                        "not_an_object",
                        TO,
                        "expected an object {…}, found a string",
                        "call json.dumps once",
                        "\"{\\\"sender\\\": \\\"{user}\\\""),
                new Mistake("a_list", "not_an_object", TO, "found an array", "one object {…} per publish", "[" + GOOD),
                new Mistake("latin_1", "not_utf8", TO, "byte 0xe5", "Encode the payload as UTF-8", GOOD),
                new Mistake(
                        "missing_field",
                        "missing_field",
                        TO,
                        "the field \"uuid\" is missing",
                        "A message looks like this: {\"sender\":\"{user}\",\"receiver\":\"{to}\",",
                        GOOD),
                new Mistake(
                        "wrong_type",
                        "wrong_type",
                        TO,
                        "\"uuid\" must be a string, found a number",
                        "put the value in double quotes",
                        GOOD),
                new Mistake("duplicate_key", "duplicate_key", TO, "sender", "Write each field once.", GOOD),
                new Mistake("too_deep", "too_deep", TO, "nest deeper than 16 levels", "one flat object", GOOD),
                new Mistake(
                        "text_too_long",
                        "text_too_long",
                        TO,
                        "\"message\" has 4097 characters, at most 4096 are allowed",
                        "Split the text",
                        GOOD),
                new Mistake("empty_text", "empty_text", TO, "\"message\" is empty", "at least one character", GOOD),
                new Mistake("uuid_with_space", "invalid_uuid", TO, "\"16fd 2706\"", "str(uuid.uuid4())", GOOD),
                new Mistake(
                        "status_against_topic",
                        "status_mismatch",
                        "ttm4175/chat/{to}/delivered",
                        "\"status\" is \"read\", but the topic says delivered",
                        "Publish the status \"delivered\" to a topic that ends in /delivered",
                        GOOD),
                new Mistake(
                        "forged_sender",
                        "sender_mismatch",
                        TO,
                        "but you are logged in as \"{user}\"",
                        "Write \"sender\": \"{user}\"",
                        "{\"sender\": \"team12"),
                new Mistake(
                        "other_receiver",
                        "receiver_mismatch",
                        TO,
                        "\"receiver\" is \"x3\", but the topic is {to}'s",
                        "must be the same",
                        "{\"sender\": \"{user}\", \"receiver\": \"x3\""),
                new Mistake(
                        "unknown_receiver",
                        "unknown_receiver",
                        "ttm4175/chat/taem2a/message",
                        "there is no user or room \"taem2a\"",
                        "Did you mean team2a?",
                        "{\"sender\": \"{user}\""),
                new Mistake(
                        "receiver_is_no_id",
                        "invalid_id",
                        "ttm4175/chat/team 2a/message",
                        "found ' ' at index 4",
                        "Did you mean team2a?",
                        "{\"sender\": \"{user}\""),
                new Mistake(
                        "own_tree",
                        "own_tree",
                        "ttm4175/chat/{user}/message",
                        "you published into your own tree",
                        "Publish into the receiver's tree",
                        GOOD),
                new Mistake("retained", "retained_chat", TO, "chat is not retained", "retain=False", GOOD),
                new Mistake(
                        "unknown_kind",
                        "unknown_kind",
                        "ttm4175/chat/{to}/messages",
                        "there is no kind \"messages\"",
                        "Did you mean ttm4175/chat/{to}/message?",
                        GOOD),
                new Mistake(
                        "no_kind",
                        "unknown_kind",
                        "ttm4175/chat/{to}",
                        "the kind is missing",
                        "Publish to ttm4175/chat/{to}/message",
                        GOOD),
                new Mistake(
                        "servers_kind",
                        "acl_denied",
                        "ttm4175/chat/{to}/presence",
                        "ttm4175/chat/{to}/presence",
                        "Only the server publishes presence.",
                        "{\"status\""),
                new Mistake(
                        "leading_slash",
                        "leading_slash",
                        "/ttm4175/chat/{to}/message",
                        "begins with a slash",
                        "Leave it out: \"ttm4175/chat/{to}/message\"",
                        GOOD),
                new Mistake(
                        "trailing_slash",
                        "trailing_slash",
                        "ttm4175/chat/{to}/message/",
                        "ends with a slash",
                        "Leave it out: \"ttm4175/chat/{to}/message\"",
                        GOOD),
                new Mistake(
                        "wrong_root",
                        "wrong_root",
                        "ttm4175/chatt/{to}/message",
                        "is not below \"ttm4175/chat\"",
                        "The chat lives below \"ttm4175/chat\"",
                        GOOD),
                new Mistake(
                        "wildcard_in_topic",
                        "wildcard_in_topic",
                        "ttm4175/chat/+/message",
                        "wildcard",
                        "Wildcards are for subscribing",
                        "",
                        After.CLOSED),
                new Mistake(
                        "anothers_tree",
                        "foreign_tree",
                        "ttm4175/chat/{to}/#",
                        "is not yours to read",
                        "Subscribe to your own tree: " + OWN,
                        ""),
                new Mistake("everything", "filter_too_wide", "#", "what other teams are sent", OWN, ""),
                new Mistake(
                        "above_own_tree", "filter_too_wide", "ttm4175/chat/#", "what other teams are sent", OWN, ""),
                new Mistake(
                        "everybodys_messages",
                        "filter_too_wide",
                        "ttm4175/chat/+/message",
                        "what other teams are sent",
                        OWN,
                        ""),
                new Mistake(
                        "only_messages",
                        "incomplete_subscription",
                        "ttm4175/chat/{user}/message",
                        "but not: delivered, read, typing",
                        "Subscribe to " + OWN,
                        ""),
                new Mistake(
                        "filter_leading_slash",
                        "leading_slash",
                        "/" + OWN,
                        "begins with a slash",
                        "Leave it out: \"" + OWN + "\"",
                        ""),
                new Mistake(
                        "filter_trailing_slash",
                        "trailing_slash",
                        "ttm4175/chat/{user}/message/",
                        "ends with a slash",
                        OWN,
                        ""),
                new Mistake(
                        "filter_unknown_kind",
                        "unknown_kind",
                        "ttm4175/chat/{user}/messages",
                        "you will hear nothing",
                        "Did you mean ttm4175/chat/{user}/message?",
                        ""),
                new Mistake(
                        "filter_wrong_root",
                        "wrong_root",
                        "ttm4175/caht/{user}/#",
                        "is not below \"ttm4175/chat\"",
                        OWN,
                        ""),
                new Mistake(
                        "filter_in_capitals",
                        "foreign_tree",
                        "ttm4175/chat/{USER}/#",
                        "is not yours to read",
                        "Did you mean " + OWN,
                        ""),
                new Mistake(
                        "shared_subscription",
                        "shared_subscription",
                        "$share/us/" + OWN,
                        "shared subscriptions are not available",
                        "Subscribe to " + OWN,
                        ""),
                new Mistake("qos_0", "qos_0", TO, "published at QoS 0", "publish(topic, payload, qos=1)", GOOD),
                new Mistake(
                        "receipt_for_nothing",
                        "unknown_message",
                        "ttm4175/chat/{to}/read",
                        "{to} never sent {user} a message with the uuid",
                        "A receipt repeats the uuid of the message",
                        GOOD),
                new Mistake("too_fast", "too_fast", "", "more than 50 messages a second", "Wait between publishes", ""),
                new Mistake(
                        "not_subscribed",
                        "not_subscribed",
                        "ttm4175/chat/{user}/message",
                        "{to} sent you a message, but no subscription of yours",
                        "Subscribe to " + OWN,
                        "{\"sender\": \"{to}\""),
                new Mistake(
                        "wrong_password",
                        "wrong_password",
                        "",
                        "tried to log in as {user} with a wrong password",
                        "Check the password in that program",
                        "",
                        After.NEVER_CONNECTED),
                new Mistake(
                        "will_elsewhere",
                        "acl_denied",
                        "ttm4175/chat/{user}/presence",
                        "Will: ",
                        "Only the server publishes presence.",
                        "",
                        After.NEVER_CONNECTED),
                new Mistake(
                        "will_forged",
                        "sender_mismatch",
                        TO,
                        "Will: \"sender\" is \"{to}\", but you are logged in as \"{user}\"",
                        "Write \"sender\": \"{user}\"",
                        "",
                        After.NEVER_CONNECTED),
                new Mistake(
                        "same_client_id",
                        "client_id_in_use",
                        "",
                        "two programs of yours use the client id \"chat\"",
                        "Give each program its own client id",
                        ""));
    }

    /** The standard limits, but whoever publishes too fast is a little more than 200 at once: more need not be sent. */
    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass()
            .limits(new Limits(
                    Limits.STANDARD.maxConnections(),
                    Limits.STANDARD.maxUserConnections(),
                    Limits.STANDARD.maxAddressConnections(),
                    Limits.STANDARD.maxTopicLevels(),
                    Limits.STANDARD.maxTopicLength(),
                    Limits.STANDARD.maxSubscriptions(),
                    50,
                    200,
                    Limits.STANDARD.maxThrottled(),
                    Limits.STANDARD.maxQueuedBytes(),
                    Limits.STANDARD.maxQueuedTime(),
                    Limits.STANDARD.packetTimeout(),
                    Limits.STANDARD.maxKeepAlive(),
                    Duration.ZERO,
                    100,
                    Duration.ofDays(30)));

    private static final Map<String, Outcome> OUTCOMES = new TreeMap<>();
    private static String output;

    @BeforeAll
    static void makeThemAll(@TempDir Path directory) throws IOException {
        Path program = BrokerProcess.root().resolve("integration-tests/src/test/python/mistakes.py");
        try (TestProcess process = TestProcess.start(
                directory,
                Map.of("LAB_PASSWORD_PREFIX", "secret-of-"),
                List.of(
                        PythonPeer.PYTHON.toString(),
                        "-u",
                        program.toString(),
                        "127.0.0.1",
                        Integer.toString(BROKER.port(false))))) {
            int exitCode = process.exitCode(Duration.ofSeconds(100));
            output = process.describe("the program");
            assertThat(exitCode).as(output).isZero();
            process.stdout().stream().map(Outcome::read).forEach(outcome -> OUTCOMES.put(outcome.mistake(), outcome));
        }
        Outcome slowest = OUTCOMES.values().stream()
                .max(Comparator.comparing(outcome -> outcome.millis().orElse(0)))
                .orElseThrow();
        System.out.printf(
                "%d mistakes; the slowest explanation, of %s, came after %d ms%n",
                OUTCOMES.size() - 1, slowest.mistake(), slowest.millis().orElse(0));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistake_isExplainedToItsAuthorOnceAndAtOnce(Mistake mistake) {
        Outcome outcome = OUTCOMES.get(mistake.name());
        assertThat(outcome).as(output).isNotNull();
        assertThat(outcome.explanations()).hasSize(1);
        Map<String, String> explanation = outcome.explanations().get(0);
        assertThat(explanation)
                .containsOnlyKeys("sender", "receiver", "status", "code", "topic", "reason", "hint", "payload")
                .containsEntry("sender", "server")
                .containsEntry("receiver", outcome.user())
                .containsEntry("status", "error")
                .containsEntry("code", mistake.code())
                .containsEntry("topic", filledIn(mistake.topic(), outcome));
        assertThat(explanation.get("reason")).contains(filledIn(mistake.reason(), outcome));
        assertThat(explanation.get("hint")).contains(filledIn(mistake.hint(), outcome));
        if (mistake.payload().isEmpty()) {
            assertThat(explanation.get("payload")).isEmpty();
        } else {
            assertThat(explanation.get("payload"))
                    .startsWith(filledIn(mistake.payload(), outcome))
                    .hasSizeLessThanOrEqualTo(200);
        }
        assertThat(outcome.millis().orElseThrow()).isBetween(0, (int) AT_ONCE.toMillis());
        switch (mistake.after()) {
            case CONNECTED -> assertThat(outcome.connected()).contains(true);
            case CLOSED -> assertThat(outcome.connected()).contains(false);
            case NEVER_CONNECTED -> assertThat(outcome.connected()).isEmpty();
        }
    }

    @Test
    void program_madeAllOfThem_andNothingElseWasExplained() {
        Set<String> named = new TreeSet<>(Set.of("end"));
        mistakes().forEach(mistake -> named.add(mistake.name()));
        assertThat(OUTCOMES.keySet()).isEqualTo(named);
        assertThat(named).hasSizeGreaterThan(25);
        assertThat(OUTCOMES.get("end").explanations()).isEmpty();
    }

    private static String filledIn(String text, Outcome outcome) {
        return text.replace("{user}", outcome.user())
                .replace("{USER}", outcome.user().toUpperCase(java.util.Locale.ROOT))
                .replace("{to}", outcome.to());
    }
}
