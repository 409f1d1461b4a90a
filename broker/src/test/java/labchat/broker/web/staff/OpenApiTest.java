package labchat.broker.web.staff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import labchat.broker.recording.Lessons;
import labchat.broker.staff.ClassView;
import labchat.broker.staff.LiveFeed;
import labchat.broker.staff.StaffActions;
import labchat.broker.steps.LabProgress;
import labchat.broker.weather.WeatherStation;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;

/** The API, its description and the page for staff name the same paths. */
class OpenApiTest {

    private static final class Nothing implements StaffActions {
        @Override
        public Outcome disconnect(String user, String staff) {
            return Outcome.done("");
        }

        @Override
        public Outcome reload() {
            return Outcome.done("");
        }

        @Override
        public Outcome announce(String text) {
            return Outcome.done("");
        }
    }

    private static Set<String> routes() {
        Clock clock = Clock.systemUTC();
        StaffDesk desk = new StaffDesk(
                Set::of,
                List::of,
                (user, password) -> false,
                Runnable::run,
                new LiveFeed(false),
                new ClassView(user -> false, false, clock),
                new Nothing(),
                ChatTopics.DEFAULT,
                false,
                clock);
        StaffRoutes routes = new StaffRoutes(desk)
                .with(new LabProgress(user -> false, ChatTopics.DEFAULT, clock))
                .with(new WeatherStation(List::of, clock, (after, task) -> {}))
                .with(new Lessons(
                        Path.of("data"), ChatTopics.DEFAULT, List::of, id -> false, (topic, payload, qos) -> {}, clock))
                .with(Optional::empty);
        return routes.all().stream()
                .map(route -> route.method().name() + " " + route.path())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void document_paths_areThoseOfTheApi() throws IOException {
        Set<String> documented = new TreeSet<>();
        try (InputStream file = OpenApiTest.class.getResourceAsStream("/labchat/broker/web/site/staff/openapi.json");
                JsonParser json = new JsonFactory().createParser(file)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME
                        && json.currentName().equals("paths")) {
                    json.nextToken();
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String path = json.currentName();
                        json.nextToken();
                        while (json.nextToken() == JsonToken.FIELD_NAME) {
                            documented.add(json.currentName().toUpperCase(Locale.ROOT) + " " + path);
                            json.nextToken();
                            json.skipChildren();
                        }
                    }
                }
            }
        }

        assertThat(documented).isEqualTo(routes());
    }

    @Test
    void staffsDocument_table_hasEachPathOfTheApi() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "staff.md"));
        Set<String> documented = Pattern.compile("^\\| `([A-Z]+ /api/[^`]*)` \\|", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(routes());
    }
}
