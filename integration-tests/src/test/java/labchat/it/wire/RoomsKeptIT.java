package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Collectors;
import labchat.it.support.Chat;
import labchat.it.support.MapUsers;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rooms across restarts of the broker. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoomsKeptIT {

    private static String request(TestBroker broker, String user, String action, String room, String more)
            throws IOException {
        RawMqtt client = broker.receiver(Wire.TCP_V5, user, 1);
        String request = "{\"sender\":\"%s\",\"action\":\"%s\",\"room\":\"%s\"%s}".formatted(user, action, room, more);
        assertThat(client.publish(Chat.ROOT + "server/rooms", request, 1).code())
                .isZero();
        Packet answer = client.take(
                "an answer",
                packet -> packet.type() == Type.PUBLISH && packet.text().contains("\"action\":\"" + action + "\""));
        client.close();
        return answer.text();
    }

    private static void done(TestBroker broker, String user, String action, String room, String more)
            throws IOException {
        assertThat(request(broker, user, action, room, more)).contains("\"status\":\"ok\"");
    }

    @Test
    void rooms_membersAndInvitations_areThereAfterARestart() throws IOException {
        try (TestBroker broker = TestBroker.ofTheClass().stored().start()) {
            done(broker, "team1a", "create", "closed", ",\"public\":false");
            done(broker, "team1a", "invite", "closed", ",\"user\":\"team2a\"");
            done(broker, "team1a", "invite", "closed", ",\"user\":\"team3a\"");
            done(broker, "team1a", "invite", "closed", ",\"user\":\"team4a\"");
            done(broker, "team1a", "remove", "closed", ",\"user\":\"team4a\"");
            done(broker, "team2a", "join", "closed", "");
            done(broker, "team1a", "create", "ended", ",\"public\":true");
            done(broker, "team1a", "leave", "ended", "");
            done(broker, "team1a", "create", "open", ",\"public\":true");
            done(broker, "team2a", "join", "open", "");
            done(broker, "team2a", "leave", "open", "");

            broker.restart();

            assertThat(request(broker, "team1a", "list", "x", "")).endsWith("""
                            "rooms":[{"id":"closed","public":false,"members":["team1a","team2a"],"joined":true},\
                            """ + lobby() + """
                            ,{"id":"open","public":true,"members":["team1a"],"joined":true}]}""");
            assertThat(request(broker, "team4a", "join", "closed", "")).contains("\"code\":\"unknown_room\"");
            done(broker, "team3a", "join", "closed", "");
            RawMqtt member = broker.login(Wire.TCP_V3, "team2a");
            assertThat(member.subscribe(Chat.ROOT + "closed/#", 1)).isEqualTo(1);
            assertThat(request(broker, "team2a", "remove", "closed", ",\"user\":\"team3a\""))
                    .contains("\"code\":\"not_the_creator\"");
            done(broker, "team1a", "remove", "closed", ",\"user\":\"team3a\"");
        }
    }

    private static String lobby() {
        return "{\"id\":\"lobby\",\"public\":true,\"members\":[%s],\"joined\":true}"
                .formatted(MapUsers.CLASS.names().stream()
                        .sorted()
                        .map(name -> '"' + name + '"')
                        .collect(Collectors.joining(",")));
    }
}
