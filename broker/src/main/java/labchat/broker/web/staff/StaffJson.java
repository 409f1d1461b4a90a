package labchat.broker.web.staff;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;
import labchat.broker.staff.Checklist;
import labchat.broker.staff.ClassView;
import labchat.broker.staff.ClassView.Link;
import labchat.broker.staff.ClassView.Stuck;
import labchat.broker.staff.ClassView.Team;
import labchat.broker.staff.ClassView.Trouble;
import labchat.broker.staff.LiveFeed;
import labchat.broker.traffic.PacketLine;
import labchat.broker.traffic.TrafficFilter;

/** What the page is told, field by field: docs/staff.md and openapi.json. */
final class StaffJson {

    private static final int SHOWN_TROUBLES = 50;

    private StaffJson() {}

    static void packet(JsonGenerator json, LiveFeed.Entry entry) throws IOException {
        PacketTrace packet = entry.packet();
        json.writeStartObject();
        json.writeNumberField("number", entry.number());
        json.writeStringField("time", packet.time().toString());
        json.writeStringField("user", packet.client().user().orElse(""));
        json.writeStringField("client", packet.client().clientId());
        json.writeStringField("direction", packet.inbound() ? "in" : "out");
        json.writeStringField("type", packet.type());
        json.writeStringField("topic", packet.topic());
        json.writeStringField("kind", packet.chat().map(chat -> chat.kind()).orElse(""));
        json.writeStringField("details", PacketLine.details(packet));
        json.writeBooleanField("refused", TrafficFilter.isRefusal(packet));
        refusal(json, packet.refusal());
        json.writeEndObject();
    }

    static void classNow(JsonGenerator json, List<Team> teams, List<Trouble> troubles) throws IOException {
        json.writeStartObject();
        json.writeStringField("stuckRule", ClassView.STUCK_RULE);
        json.writeArrayFieldStart("teams");
        for (Team team : teams) {
            team(json, team);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("diagnostics");
        for (Trouble trouble : troubles.subList(0, Math.min(SHOWN_TROUBLES, troubles.size()))) {
            trouble(json, trouble);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void team(JsonGenerator json, Team team) throws IOException {
        json.writeStartObject();
        json.writeStringField("user", team.user());
        json.writeBooleanField("online", !team.links().isEmpty());
        time(json, "seen", team.seen());
        json.writeNumberField("accepted", team.accepted());
        json.writeNumberField("refused", team.refused());
        json.writeArrayFieldStart("clients");
        for (Link link : team.links()) {
            json.writeStartObject();
            json.writeStringField("client", link.clientId());
            json.writeStringField("address", link.address());
            json.writeStringField("version", link.version());
            json.writeStringField("listener", link.listener());
            json.writeStringField("since", link.since().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeFieldName("lastError");
        if (team.lastTrouble().isPresent()) {
            trouble(json, team.lastTrouble().get());
        } else {
            json.writeNull();
        }
        json.writeFieldName("stuck");
        if (team.stuck().isPresent()) {
            Stuck stuck = team.stuck().get();
            json.writeStartObject();
            json.writeStringField("code", stuck.code());
            json.writeNumberField("times", stuck.times());
            json.writeStringField("since", stuck.since().toString());
            json.writeEndObject();
        } else {
            json.writeNull();
        }
        json.writeFieldName("checklist");
        if (team.checklist().isPresent()) {
            checklist(json, team.checklist().get());
        } else {
            json.writeNull();
        }
        json.writeEndObject();
    }

    private static void checklist(JsonGenerator json, Checklist list) throws IOException {
        json.writeStartObject();
        json.writeStringField("time", list.time().toString());
        json.writeStringField("partner", list.partner());
        texts(json, "done", list.done());
        texts(json, "open", list.open());
        json.writeEndObject();
    }

    private static void trouble(JsonGenerator json, Trouble trouble) throws IOException {
        json.writeStartObject();
        json.writeStringField("time", trouble.time().toString());
        json.writeStringField("user", trouble.user());
        json.writeStringField("packet", trouble.packet());
        json.writeStringField("topic", trouble.topic());
        refusal(json, Optional.of(trouble.refusal()));
        json.writeEndObject();
    }

    private static void refusal(JsonGenerator json, Optional<Refusal> refusal) throws IOException {
        if (refusal.isPresent()) {
            json.writeStringField("code", refusal.get().code());
            json.writeStringField("reason", refusal.get().reason());
            json.writeStringField("hint", refusal.get().hint());
            json.writeStringField("rule", refusal.get().rule().orElse(""));
        }
    }

    static void texts(JsonGenerator json, String name, Iterable<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void time(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
        if (time.isPresent()) {
            json.writeStringField(name, time.get().toString());
        } else {
            json.writeNullField(name);
        }
    }
}
