package labchat.broker.traffic;

import static labchat.broker.traffic.RemoteText.quoted;
import static labchat.broker.traffic.RemoteText.shown;

import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.Advised;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.event.BrokerEvent.MessagePublished;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.broker.event.BrokerEvent.Subscribed;
import labchat.broker.event.BrokerEvent.Unsubscribed;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.Refusal;

/** Says an event in one line: what happened, whose connection, the details; remote text only as it is safe to show. */
final class ConsoleLine {

    private static final int WORD_WIDTH = 13;
    private static final int NAME_WIDTH = 7;

    private ConsoleLine() {}

    /** Whether something was refused, so that the line deserves attention. */
    static boolean isRefusal(BrokerEvent event) {
        return event instanceof LoginRefused || event instanceof PacketRefused;
    }

    /** The event's line, without line break. */
    static String of(BrokerEvent event) {
        if (event instanceof ClientConnected e) {
            return line(
                    "connect",
                    event,
                    "%s  client %s  MQTT %s  %s  keep-alive %d s"
                            .formatted(
                                    shown(e.client().address()),
                                    quoted(e.client().clientId()),
                                    e.version(),
                                    e.listener(),
                                    e.keepAliveSeconds()));
        }
        if (event instanceof LoginRefused e) {
            return line("login refused", event, refusal(e.refusal()) + "  " + peer(e.client()));
        }
        if (event instanceof Subscribed e) {
            return line("subscribe", event, shown(e.filter()) + "  qos " + e.qos());
        }
        if (event instanceof Unsubscribed e) {
            return line("unsubscribe", event, shown(e.filter()));
        }
        if (event instanceof MessagePublished e) {
            return published(e);
        }
        if (event instanceof PacketRefused e) {
            String topic = e.topic().isEmpty() ? "" : " " + shown(e.topic());
            return line("refused", event, e.packet() + topic + "  " + refusal(e.refusal()) + "  " + peer(e.client()));
        }
        if (event instanceof ClientDisconnected e) {
            return disconnected(e);
        }
        if (event instanceof Advised e) {
            return line("advised", event, shown(e.topic()) + "  " + refusal(e.advice()) + "  " + peer(e.client()));
        }
        throw new IllegalArgumentException("unknown event " + event.getClass().getSimpleName());
    }

    private static String published(MessagePublished e) {
        StringBuilder details = new StringBuilder();
        if (e.chat().isPresent()) {
            ChatFields chat = e.chat().get();
            padded(details.append("-> "), shown(chat.receiver()), NAME_WIDTH);
            if (!chat.uuid().isEmpty()) {
                details.append("  ").append(shown(chat.uuid()));
            }
        } else {
            details.append(shown(e.topic()));
        }
        details.append("  qos ").append(e.qos());
        if (e.retain()) {
            details.append("  retained");
        }
        details.append("  ").append(e.payloadBytes()).append(e.payloadBytes() == 1 ? " byte" : " bytes");
        if (e.receivers() >= 0) {
            details.append("  to ").append(e.receivers());
        }
        return line(e.chat().map(ChatFields::kind).orElse("publish"), e, details.toString());
    }

    private static String disconnected(ClientDisconnected e) {
        String word = e.cause() == ClientDisconnected.Cause.LOST ? "lost" : "disconnect";
        String why = switch (e.cause()) {
            case DISCONNECT, LOST -> "";
            case TAKEN_OVER -> "taken over";
            case CLOSED_BY_BROKER -> "closed by the broker";
            case SHUTDOWN -> "the broker stops";
        };
        StringBuilder details = new StringBuilder(shown(e.client().address()))
                .append("  client ")
                .append(quoted(e.client().clientId()));
        if (!why.isEmpty()) {
            details.append("  ").append(why);
        }
        if (!e.detail().isEmpty()) {
            details.append(why.isEmpty() ? "  " : ": ").append(shown(e.detail()));
        }
        return line(word, e, details.toString());
    }

    private static String peer(ClientIdentity client) {
        return "[%s client %s]".formatted(shown(client.address()), quoted(client.clientId()));
    }

    private static String refusal(Refusal refusal) {
        String rule = refusal.rule().map(r -> " (" + shown(r) + ")").orElse("");
        return refusal.code() + ": " + shown(refusal.withoutExcerpt().reason()) + rule;
    }

    private static String line(String word, BrokerEvent event, String details) {
        StringBuilder line = new StringBuilder(WORD_WIDTH + NAME_WIDTH + details.length() + 4);
        padded(line, word, WORD_WIDTH).append("  ");
        padded(line, event.client().user().map(RemoteText::shown).orElse("-"), NAME_WIDTH);
        return line.append("  ").append(details).toString();
    }

    private static StringBuilder padded(StringBuilder line, String text, int width) {
        line.append(text);
        for (int i = text.length(); i < width; i++) {
            line.append(' ');
        }
        return line;
    }
}
