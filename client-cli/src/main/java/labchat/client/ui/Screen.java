package labchat.client.ui;

import java.util.Set;
import labchat.client.ui.Output.OutputException;
import labchat.protocol.identity.ChatId;

/** Where a transcript goes. Called by one thread at a time. */
interface Screen {

    /** Shows text of one or more lines; on return it is visible. */
    void print(String text) throws OutputException;

    /** Says who is typing now. */
    void typing(Set<ChatId> ids, String words) throws OutputException;

    /** Shows that no more input is wanted. */
    void stopReading();
}
