package labchat.client.ui;

import java.time.ZoneId;
import java.util.List;
import labchat.client.session.SessionEvent;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;

/**
 * What {@code listen} prints for people, one entry for each event. Like the {@link ChatView}, whose words it uses, it is
 * pure.
 */
public final class ListenView {

    private final ChatView view;

    /**
     * @param color whether to colour
     * @param unicode whether the output can hold more than ASCII
     * @param zone of the times shown
     */
    public ListenView(boolean color, boolean unicode, ZoneId zone) {
        this.view = new ChatView(color, unicode, zone);
    }

    /** The text of an event, without a line break at its end. */
    public String render(SessionEvent.Arrived arrived) {
        return arrived.event().accept(new ChatEvent.Visitor<>() {
            @Override
            public String message(ChatMessage message) {
                return view.render(new ChatLine.Incoming(arrived.at(), message.sender(), message.text()));
            }

            @Override
            public String receipt(Receipt receipt) {
                return view.receipt(
                        arrived.at(),
                        receipt.kind(),
                        receipt.sender(),
                        receipt.uuid().value());
            }

            @Override
            public String typing(Typing typing) {
                return view.typing(List.of(typing.sender()));
            }
        });
    }
}
