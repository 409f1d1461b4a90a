package labchat.broker.web.staff;

import java.time.Clock;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import labchat.broker.staff.ClassView;
import labchat.broker.staff.LiveFeed;
import labchat.broker.staff.StaffActions;
import labchat.protocol.topic.ChatTopics;

/**
 * What the staff's page is made of.
 *
 * @param staff the accounts that may see it, as the settings have them now
 * @param users all accounts
 * @param passwords whether this is a user's password
 * @param passwordThreads where that is found out, which takes tens of milliseconds
 * @param seesMessages whether payloads are shown
 */
public record StaffDesk(
        Supplier<Set<String>> staff,
        Supplier<? extends Collection<String>> users,
        PasswordCheck passwords,
        Executor passwordThreads,
        LiveFeed feed,
        ClassView view,
        StaffActions actions,
        ChatTopics topics,
        boolean seesMessages,
        Clock clock) {

    public StaffDesk {
        Objects.requireNonNull(staff, "staff");
        Objects.requireNonNull(users, "users");
        Objects.requireNonNull(passwords, "passwords");
        Objects.requireNonNull(passwordThreads, "passwordThreads");
        Objects.requireNonNull(feed, "feed");
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(actions, "actions");
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(clock, "clock");
    }

    /** Whether this is a user's password. */
    @FunctionalInterface
    public interface PasswordCheck {
        /** May take long; any thread. */
        boolean verify(String user, byte[] password);
    }
}
