package labchat.it.staff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.RawMqtt;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alerts ask for numbers that a broker has. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MonitoringIT {

    private static final Path DOCKER = BrokerProcess.root().resolve("docker");
    private static final Pattern NAME = Pattern.compile("\\b(?:labchat|process|system|jvm)_[a-z0-9_]+");
    private static final Pattern GROUPING = Pattern.compile("by \\(([a-z_]+)\\) \\(rate\\(([a-z_]+)\\[");

    @TempDir
    private static Path directory;

    @Test
    void everyMetric_ofTheDashboardAndTheAlerts_isThere() throws Exception {
        List<String> queries = new ArrayList<>(dashboard());
        queries.addAll(alerts());
        assertThat(queries).hasSizeGreaterThan(40);
        try (StaffBroker broker = StaffBroker.start(directory, "metrics on\n")) {
            somethingOfEach(broker);
            String metrics = scrape(broker);
            Set<String> known = metrics.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replaceFirst("[{ ].*", ""))
                    .collect(Collectors.toCollection(TreeSet::new));

            for (String query : queries) {
                Matcher name = NAME.matcher(query);
                while (name.find()) {
                    assertThat(known).as(query).contains(name.group());
                }
                Matcher grouping = GROUPING.matcher(query);
                while (grouping.find()) {
                    assertThat(metrics)
                            .as(query)
                            .containsPattern(
                                    Pattern.compile(grouping.group(2) + "\\{[^}]*\\b" + grouping.group(1) + "=\""));
                }
            }
            assertThat(metrics)
                    .containsPattern("labchat_login_wait_seconds_count [1-9]")
                    .containsPattern("labchat_acknowledgement_wait_seconds_count [1-9]")
                    .containsPattern("labchat_packets_total\\{direction=\"received\"\\} [1-9]")
                    .containsPattern("labchat_disk_free_bytes [1-9]")
                    .contains("labchat_store_failing 0.0");
        }
    }

    /** Some numbers begin with what they count. */
    private static void somethingOfEach(StaffBroker broker) throws Exception {
        RawMqtt team1a = broker.login("team1a", "monitored");
        assertThat(team1a.subscribe("ttm4175/chat/team1a/#", 1)).isEqualTo(1);
        team1a.publish(Chat.messageTopic("team1a"), Chat.message("team1a", "team1a", "to myself"), 1);
        team1a.publish(Chat.messageTopic("team2a"), "not what is wanted", 1);
        // A receipt for what was never sent is explained.
        team1a.publish(Chat.ROOT + "team2a/read", Chat.payload("read", "team1a", "team2a", "no-such-message"), 1);
        try (RawMqtt stranger = RawMqtt.open(Wire.TCP_V5, broker.process().mqttPort(), "stranger")) {
            Packet connack = stranger.connect(
                    Connect.as(Wire.TCP_V5).clientId("stranger").login("team1a", "wrong"));
            assertThat(connack.code()).isNotZero();
        }
        team1a.disconnect();
        team1a.close();
        Awaitility.await("the end of a connection").until(() -> scrape(broker).contains("labchat_disconnects_total"));
        Awaitility.await("the explanation").until(() -> scrape(broker).contains("labchat_advice_total"));
    }

    private static String scrape(StaffBroker broker) throws Exception {
        return broker.get("/metrics").body();
    }

    /** The queries of all panels. */
    private static List<String> dashboard() throws IOException {
        List<String> queries = new ArrayList<>();
        try (JsonParser json =
                new JsonFactory().createParser(Files.readString(DOCKER.resolve("grafana/dashboards/labchat.json")))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME && json.currentName().equals("expr")) {
                    queries.add(json.nextTextValue());
                }
            }
        }
        return queries;
    }

    private static List<String> alerts() throws IOException {
        return Files.readAllLines(DOCKER.resolve("alerts.yml")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("expr: "))
                .toList();
    }
}
