package labchat.it.staff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import labchat.it.support.BrokerProcess;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lab weather by the command and by the staff's API, in one broker: docs/staff.md. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WeatherApiIT {

    @TempDir
    private static Path directory;

    private static StaffBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = StaffBroker.start(directory, "");
        broker.signedIn();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** What the command says, with its status before it. */
    private static String weather(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("weather"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--data", directory.resolve("data").toString()));
        try (TestProcess process = BrokerProcess.run(directory, arguments)) {
            int status = process.exitCode(Duration.ofSeconds(60));
            List<String> said = new ArrayList<>(process.stdout());
            said.addAll(process.stderr());
            return status + " " + String.join("\n", said);
        }
    }

    @Test
    void command_setsListsAndClears() throws Exception {
        assertThat(weather("--team", "team2a,team1a", "--loss", "30%", "--for", "1h"))
                .startsWith("0 ")
                .contains("team2a", "team1a", "30% loss; ");
        assertThat(broker.get("/api/weather").body())
                .contains("\"user\":\"team2a\",\"words\":\"30% loss\"", "\"loss\":0.3");
        assertThat(weather("--team", "team2a", "--clear")).isEqualTo("0 The lab weather is over for team2a.");
        assertThat(weather()).startsWith("0 team1a").doesNotContain("team2a");
        assertThat(weather("--clear-all")).isEqualTo("0 The lab weather is over for team1a.");
        assertThat(weather("--team", "team9z", "--loss", "30%"))
                .startsWith("2 ")
                .contains("error: there is no account \"team9z\"");
    }

    @Test
    void api_setsAndClears_andSaysWhatIsWrong() throws Exception {
        try (RawMqtt team = broker.login("team3a", "weather")) {
            team.subscribe("ttm4175/chat/team3a/#", 1);
            HttpResponse<String> set =
                    broker.change("PUT", "/api/users/team3a/weather", "{\"delay\":\"20ms\",\"for\":\"5m\"}");
            assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
            assertThat(set.body()).contains("team3a: 20 ms delay each way; ");
            assertThat(team.diagnostics().text()).contains("\"code\":\"weather\"", "20 ms delay each way");

            assertThat(broker.change("DELETE", "/api/users/team3a/weather", "").body())
                    .contains("The lab weather is over for team3a.", "\"weather\":[]");
            assertThat(team.diagnostics().text()).contains("The lab weather is over");
        }
        HttpResponse<String> bad = broker.change("PUT", "/api/users/team3a/weather", "{\"loss\":\"300%\"}");
        assertThat(bad.statusCode()).isEqualTo(422);
        assertThat(bad.body()).contains("invalid_weather", "expected a chance from 0% to 90%");
        assertThat(broker.change("PUT", "/api/users/nobody/weather", "{\"loss\":\"3%\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(broker.send("PUT", "/api/users/team3a/weather", "{\"loss\":\"3%\"}", Map.of())
                        .statusCode())
                .isEqualTo(403);
        assertThat(broker.stranger().get("/api/weather").statusCode()).isEqualTo(401);
    }
}
