package labchat.broker.web.staff;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import labchat.broker.event.Refusal;
import labchat.broker.event.RequestHandler;
import labchat.broker.event.SenderCheck;
import labchat.broker.event.ServerAccount;
import labchat.broker.staff.Checklist;
import labchat.broker.staff.ClassView;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ServerTopic;

/**
 * Takes what a practice partner has found out about a user, for the staff's page; there is no answer. Anybody may say it of
 * anybody, so the page says who did.
 */
public final class ChecklistRequests implements RequestHandler {

    /** The last level of its topic. */
    public static final String LEVEL = ServerTopic.CHECKLIST;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxStringLength(1_000)
                    .build())
            .build();
    private static final String EXPECTED = "a checklist looks like this:"
            + " {\"sender\":\"x6\",\"team\":\"team1a\",\"done\":[\"message\"],\"open\":[\"read\"]}";

    private final Optional<ClassView> view;
    private final Clock clock;

    /** @param view empty if there is no page: then nothing is held */
    public ChecklistRequests(Optional<ClassView> view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    @Override
    public Optional<Refusal> handle(Optional<String> user, byte[] payload, ServerAccount.Answers answers) {
        String sender = "";
        String team = "";
        List<String> done = new ArrayList<>();
        List<String> open = new ArrayList<>();
        try (JsonParser json = JSON.createParser(payload)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return refused();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "sender" -> sender = text(json);
                    case "team" -> team = text(json);
                    case "done" -> points(json, done);
                    case "open" -> points(json, open);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            return refused();
        }
        Optional<ChatId> partner = ChatId.parse(sender);
        if (partner.isEmpty() || team.isEmpty()) {
            return refused();
        }
        Optional<Refusal> foreign = SenderCheck.problem(user, partner.get());
        if (foreign.isPresent()) {
            return foreign;
        }
        Checklist checklist = new Checklist(clock.instant(), sender, done, open);
        String about = team;
        view.ifPresent(v -> v.checklist(about, checklist));
        return Optional.empty();
    }

    private static String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }

    private static void points(JsonParser json, List<String> points) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == null) {
                return;
            }
            if (json.currentToken().isScalarValue() && points.size() < Checklist.MAX_POINTS) {
                points.add(json.getText());
            } else {
                json.skipChildren();
            }
        }
    }

    private static Optional<Refusal> refused() {
        return Optional.of(Refusal.of("invalid_request", EXPECTED));
    }
}
