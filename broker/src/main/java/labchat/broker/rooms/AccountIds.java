package labchat.broker.rooms;

import java.util.AbstractSet;
import java.util.Iterator;
import labchat.broker.users.UserDirectory;
import labchat.protocol.identity.ChatId;

/** All accounts whose names are ids: a view of the directory. */
final class AccountIds extends AbstractSet<ChatId> {

    private final UserDirectory users;

    AccountIds(UserDirectory users) {
        this.users = users;
    }

    @Override
    public boolean contains(Object o) {
        return o instanceof ChatId id && !id.equals(ChatId.SERVER) && users.contains(id.value());
    }

    @Override
    public Iterator<ChatId> iterator() {
        return users.names().stream()
                .flatMap(name -> ChatId.parse(name).stream())
                .filter(id -> !id.equals(ChatId.SERVER))
                .iterator();
    }

    @Override
    public int size() {
        int count = 0;
        for (Iterator<ChatId> all = iterator(); all.hasNext(); all.next()) {
            count++;
        }
        return count;
    }
}
