package labchat.it.staff;

import static labchat.it.staff.StaffBroker.PASSWORD;
import static labchat.it.staff.StaffBroker.STAFF;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import labchat.it.client.ClientProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API of the staff's page, over HTTP. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StaffApiIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private static Path dir;

    private static StaffBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = StaffBroker.start(dir, "metrics on\n");
        broker.signedIn();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void signIn_byStaffByOthersAndByGuessing_letsOnlyStaffIn(@TempDir Path own) throws Exception {
        try (StaffBroker fresh = StaffBroker.start(own, "")) {
            HttpResponse<String> good = fresh.signIn(STAFF, PASSWORD);
            assertThat(good.statusCode()).isEqualTo(200);
            assertThat(good.headers().firstValue("Set-Cookie").orElseThrow())
                    .contains("HttpOnly", "SameSite=Strict", "Path=/api")
                    .doesNotContain("Secure");
            assertThat(good.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(fresh.get("/api/session").body()).contains("\"user\":\"kashish\"", "\"seesMessages\":false");
            assertThat(fresh.get("/metrics").statusCode()).as("metrics are off").isEqualTo(404);

            HttpResponse<String> student = fresh.signIn("team1a", PASSWORD);
            assertThat(student.statusCode()).isEqualTo(403);
            assertThat(student.body()).contains("not_staff", "broker.conf");
            assertThat(student.headers().firstValue("Set-Cookie")).isEmpty();

            assertThat(fresh.signIn(STAFF, "wrong").statusCode()).isEqualTo(401);
            assertThat(fresh.signIn("nobody", "wrong").body()).contains("Wrong name or password.");
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> fresh.signIn("x6", "wrong").statusCode() == 429);
            HttpResponse<String> slowed = fresh.signIn(STAFF, PASSWORD);
            assertThat(slowed.statusCode()).as("right, but too soon").isEqualTo(429);
            assertThat(slowed.headers().firstValue("Retry-After")).isPresent();
            assertThat(fresh.get("/api/class").statusCode())
                    .as("who is in stays in")
                    .isEqualTo(200);

            assertThat(fresh.change("DELETE", "/api/session", "").statusCode()).isEqualTo(204);
            assertThat(fresh.get("/api/class").statusCode()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/session",
        "DELETE, /api/session",
        "GET, /api/class",
        "GET, /api/feed",
        "GET, /api/diagram?left=team1a&right=team2a",
        "POST, /api/users/team1a/disconnect",
        "POST, /api/users/team1a/password",
        "GET, /api/users",
        "POST, /api/users",
        "DELETE, /api/users/team1a",
        "DELETE, /api/users/team1a/passwords/phone",
        "DELETE, /api/users/team1a/certificates/laptop",
        "POST, /api/reload",
        "POST, /api/announcements"
    })
    void everything_withoutSession_isRefused(String method, String path) throws Exception {
        HttpResponse<String> answer =
                broker.stranger().send(method, path, "", Map.of("Cookie", "labchat_staff=guessed"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.body()).contains("\"code\":\"signed_out\"");
    }

    @Test
    void changes_withoutTheToken_areRefused() throws Exception {
        for (Map<String, String> headers : List.of(Map.<String, String>of(), Map.of("X-CSRF-Token", "guessed"))) {
            HttpResponse<String> answer = broker.send("POST", "/api/announcements", "{\"text\":\"x\"}", headers);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("\"code\":\"csrf\"");
        }
        HttpResponse<String> form = broker.stranger()
                .send(
                        "POST",
                        "/api/session",
                        "{\"user\":\"kashish\",\"password\":\"" + PASSWORD + "\"}",
                        Map.of("Origin", "http://elsewhere.example"));
        assertThat(form.statusCode()).isEqualTo(415);
    }

    @Test
    void feed_packetsThatPass_comeFilteredAndWithoutTheirTexts() throws Exception {
        RawMqtt two = broker.login("team2a", "feed-two");
        two.subscribe("ttm4175/chat/team2a/#", 1);
        try (Stream<String> lines =
                broker.stream("/api/feed?team=team2a&kind=message").body()) {
            Iterator<String> next = lines.iterator();
            String hello = next.next();
            assertThat(hello).isEqualTo("event: hello");
            RawMqtt one = broker.login("team1a", "feed-one");
            one.publish(
                    Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "the secret text", "feed-uuid"), 1);
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().contains("feed-uuid")) {
                seen.append(next.next()).append('\n');
            }
            assertThat(seen.toString())
                    .contains("\"user\":\"team2a\"", "\"direction\":\"out\"", "\"type\":\"PUBLISH\"")
                    .doesNotContain("\"direction\":\"in\"")
                    .doesNotContain("the secret text");
            one.close();
        }
        two.close();
        assertThat(broker.get("/api/feed?kind=mesage").statusCode()).isEqualTo(400);
    }

    @Test
    void classNow_teamWithMistakes_isStuckUntilItGetsThrough() throws Exception {
        RawMqtt three = broker.login("team3a", "stuck-three");
        for (int i = 0; i < 3; i++) {
            three.publish(Chat.messageTopic("team2a"), "{\"sender\":\"team3a\",\"secret-word", 1);
        }
        String stuck = broker.get("/api/class").body();
        assertThat(stuck)
                .contains("\"stuck\":{\"code\":\"invalid_json\",\"times\":3")
                .contains("\"user\":\"team3a\",\"online\":true")
                .contains("3 refusals with the same code within 5 minutes")
                .doesNotContain("secret-word");

        three.publish(Chat.messageTopic("team2a"), Chat.message("team3a", "team2a", "Hei!", "stuck-uuid"), 1);

        assertThat(broker.get("/api/class").body()).doesNotContain("\"stuck\":{");
        three.close();
    }

    @Test
    void checklist_ofAPracticePartner_isShownAsTheirs() throws Exception {
        RawMqtt partner = broker.login("x6", "partner");
        partner.publish(
                "ttm4175/chat/server/checklist",
                "{\"sender\":\"x6\",\"team\":\"team1a\",\"done\":[\"message\"],\"open\":[\"read\",\"typing\"]}",
                1);

        assertThat(broker.get("/api/class").body())
                .contains("\"partner\":\"x6\",\"done\":[\"message\"],\"open\":[\"read\",\"typing\"]");
        Packet refused =
                partner.publish("ttm4175/chat/server/checklist", "{\"sender\":\"team2a\",\"team\":\"team1a\"}", 1);
        assertThat(refused.code()).isGreaterThanOrEqualTo(0x80);
        partner.close();
    }

    @Test
    void checklist_keptByTheClientsPartner_isShown(@TempDir Path home) throws Exception {
        ClientProcess client = new ClientProcess(home, broker.process().mqttPort());
        Map<String, String> password = Map.of("LABCHAT_PASSWORD", StaffBroker.PASSWORD);
        String lists = home.resolve("lists.txt").toString();
        try (TestProcess partner = client.with("x6", password, "partner", "--state", lists)) {
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> partner.stderr().stream().anyMatch(line -> line.contains("connected to")));
            RawMqtt team = broker.login("team3a", "practises");
            team.publish(Chat.messageTopic("x6"), Chat.message("team3a", "x6", "Hei!", "practised"), 1);

            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(broker.get("/api/class").body())
                                    .contains(
                                            "\"partner\":\"x6\",\"done\":[\"connected\",\"message_sent\"],\"open\":[\"subscribed\","));
            assertThat(partner.stderr()).noneMatch(line -> line.contains("no checklists"));
            team.close();
        }
    }

    @Test
    void diagram_ofTwo_isDrawnFromWhatHasPassed() throws Exception {
        RawMqtt one = broker.login("team1a", "diagram-one");
        one.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "Hei!", "drawn-uuid"), 1);
        one.close();

        HttpResponse<String> svg = broker.get("/api/diagram?left=team1a&right=team2a");
        assertThat(svg.headers().firstValue("Content-Type").orElseThrow()).startsWith("image/svg+xml");
        assertThat(svg.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none';")
                .contains("sandbox");
        assertThat(svg.body()).startsWith("<svg ").contains("send(ttm4175/chat/team2a/message, uuid drawn-uuid)");
        HttpResponse<String> saved =
                broker.get("/api/diagram?left=team1a&right=team2a&format=mermaid&save=true&all=true&acks=true");
        assertThat(saved.headers().firstValue("Content-Disposition").orElseThrow())
                .matches("attachment; filename=\"diagram-\\d{8}-\\d{6}\\.mmd\"");
        assertThat(saved.body()).startsWith("sequenceDiagram\n").contains("drawn-uuid", "puback(");
        assertThat(broker.get("/api/diagram?left=team1a&right=team1a").statusCode())
                .isEqualTo(400);
        assertThat(broker.get("/api/diagram?left=team1a&right=team2a&format=png")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void disconnect_user_endsTheConnectionAndSaysWhy() throws Exception {
        RawMqtt client = broker.login("team2a", "to-be-ended");

        HttpResponse<String> done = broker.change("POST", "/api/users/team2a/disconnect", "");

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        client.expectClosed();
        Awaitility.await()
                .atMost(SOON)
                .until(() -> broker.change("POST", "/api/users/team2a/disconnect", "")
                                .statusCode()
                        == 409);
        assertThat(broker.change("POST", "/api/users/nobody/disconnect", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void announce_aLine_reachesTheLobby() throws Exception {
        RawMqtt client = broker.login("team1a", "listens");
        client.subscribe("ttm4175/chat/lobby/message", 1);

        assertThat(broker.change("POST", "/api/announcements", "{\"text\":\"Break until 14:15\"}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(client.message().text()).contains("\"sender\":\"server\"", "Break until 14:15");
        assertThat(broker.change("POST", "/api/announcements", "{\"text\":\"  \"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(broker.change("POST", "/api/announcements", "[]").statusCode())
                .isEqualTo(400);
        client.close();
    }

    @Test
    void password_another_countsAtOnce() throws Exception {
        String path = "/api/users/x6/password";
        assertThat(broker.change("POST", path, "{\"password\":\"x6\"}").statusCode())
                .isEqualTo(422);
        assertThat(broker.change("POST", path, "{\"password\":\"another-good-one\"}")
                        .body())
                .contains("\"status\":\"ok\"");

        broker.login("x6", "with-the-new-one", "another-good-one").close();
        RawMqtt old = RawMqtt.open(Wire.TCP_V5, broker.process().mqttPort(), "with-the-old-one");
        assertThat(old.connect(Connect.as(Wire.TCP_V5)
                                .clientId("with-the-old-one")
                                .login("x6", PASSWORD))
                        .code())
                .isEqualTo(0x86);
        assertThat(broker.change("POST", path, "{\"password\":\"" + PASSWORD + "\"}")
                        .statusCode())
                .isEqualTo(200);
        broker.login("x6", "as-before").close();
    }

    @Test
    void account_addedAndRemoved_countsAtOnce() throws Exception {
        HttpResponse<String> added = broker.change("POST", "/api/users", "{\"user\":\"nova\"}");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
        String password = StaffBroker.field(added.body(), "password");
        assertThat(password).matches("([a-z]+-){4}\\d{3}");
        RawMqtt nova = broker.login("nova", "nova-one", password);
        assertThat(broker.get("/api/users").body())
                .contains("\"user\":\"nova\",\"staff\":false,\"passwords\":[{\"name\":\"first\",\"lastUsed\":\"20")
                .contains("\"user\":\"" + STAFF + "\",\"staff\":true")
                .doesNotContain(password);

        HttpResponse<String> removed = broker.change("DELETE", "/api/users/nova", "");

        assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);
        nova.expectClosed();
        assertThat(Files.readString(dir.resolve("users.conf"))).doesNotContain("nova");
        HttpResponse<String> again =
                broker.change("POST", "/api/users", "{\"user\":\"nova\",\"password\":\"a-typed-one\"}");
        assertThat(again.body())
                .contains("There was an account of this name before")
                .doesNotContain("a-typed-one");
        broker.login("nova", "nova-two", "a-typed-one").close();
        assertThat(broker.change("DELETE", "/api/users/nova", "").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST|/api/users|{\"user\":\"team1a\"}|409|id_taken",
                "POST|/api/users|{\"user\":\"lobby\"}|409|id_taken",
                "POST|/api/users|{\"user\":\"server\"}|422|invalid_id",
                "POST|/api/users|{\"user\":\"team 1\"}|422|invalid_id",
                "POST|/api/users|{\"user\":\"vega\",\"password\":\"Vega\"}|422|invalid_password",
                "POST|/api/users|{\"password\":\"something\"}|400|invalid_request",
                "DELETE|/api/users/nobody|''|404|unknown_user",
                "DELETE|/api/users/kashish|''|409|yourself",
                "DELETE|/api/users/team1a/passwords/first|''|422|invalid_password",
                "DELETE|/api/users/team1a/passwords/phone|''|409|not_written",
                "DELETE|/api/users/team1a/certificates/laptop|''|409|not_written"
            })
    void account_changeThatCannotBe_isRefusedInWords(String method, String path, String body, int status, String code)
            throws Exception {
        HttpResponse<String> answer = broker.change(method, path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(StaffBroker.field(answer.body(), "code")).isEqualTo(code);
        assertThat(answer.body()).containsPattern("\"reason\":\".{20}");
    }

    @Test
    void account_fileThatSomebodyHasChanged_asksForAReload() throws Exception {
        Path users = dir.resolve("users.conf");
        String before = Files.readString(users);
        Files.writeString(
                users, before + "vega:" + before.substring(before.indexOf(':') + 1, before.indexOf('\n')) + "\n");
        HttpResponse<String> taken = broker.change("POST", "/api/users", "{\"user\":\"vega\"}");
        Files.writeString(users, before.substring(before.indexOf('\n') + 1));
        HttpResponse<String> gone = broker.change("DELETE", "/api/users/team1a", "");
        Files.writeString(users, before + "nonsense\n");
        HttpResponse<String> broken = broker.change("POST", "/api/users", "{\"user\":\"vega\"}");
        Files.writeString(users, before);

        assertThat(taken.body()).contains("changed_by_hand", "Reload files");
        assertThat(gone.body()).contains("changed_by_hand", "Reload files");
        assertThat(broken.body()).contains("not_written", "users.conf:", "correct the file first");
    }

    @Test
    void furtherPassword_revoked_isOutAtOnce() throws Exception {
        Path more = dir.resolve("users.conf.more");
        String users = Files.readString(dir.resolve("users.conf"));
        String hash = users.lines()
                .filter(line -> line.startsWith("x6:"))
                .findFirst()
                .orElseThrow()
                .substring(3);
        Files.writeString(more, "team2a:phone:" + hash + "\n");
        assertThat(broker.change("POST", "/api/reload", "").statusCode()).isEqualTo(200);
        RawMqtt two = broker.login("team2a", "with-any");
        assertThat(broker.get("/api/users").body()).contains("{\"name\":\"phone\",\"lastUsed\":null}");

        HttpResponse<String> revoked = broker.change("DELETE", "/api/users/team2a/passwords/phone", "");

        assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(200);
        two.expectClosed();
        assertThat(broker.get("/api/users").body()).doesNotContain("phone");
        broker.login("team2a", "as-before").close();
    }

    @Test
    void reload_filesWithAMistake_changesNothingAndSaysWhere() throws Exception {
        Path conf = dir.resolve("broker.conf");
        String before = Files.readString(conf);
        Files.writeString(conf, before + "nonsense 1\n");
        HttpResponse<String> refused = broker.change("POST", "/api/reload", "");
        Files.writeString(conf, before);
        HttpResponse<String> good = broker.change("POST", "/api/reload", "");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("broker.conf:").contains("nonsense");
        assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
    }

    @Test
    void healthAndMetrics_needNoSessionAndNameNobody() throws Exception {
        StaffBroker machine = broker.stranger();

        assertThat(machine.get("/healthz").body()).isEqualTo("ok\n");
        assertThat(machine.get("/readyz").body())
                .isEqualTo("{\"status\":\"ready\",\"listeners\":\"ok\",\"store\":\"ok\"}");
        String metrics = machine.get("/metrics").body();
        assertThat(metrics)
                .contains("labchat_connections ", "labchat_store_commit_seconds_bucket", "jvm_memory_used_bytes")
                .doesNotContain("team")
                .doesNotContain(STAFF);
    }

    @Test
    void page_isThereForEverybodyAndHoldsNothing() throws Exception {
        HttpResponse<String> page = broker.stranger().get("/staff");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Labchat: staff").doesNotContain("team1a");
        assertThat(broker.stranger().get("/api/openapi.json").body()).contains("\"openapi\": \"3.1.0\"");
    }
}
