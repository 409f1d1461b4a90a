package labchat.broker.mqtt.guard;

import java.time.Clock;
import java.util.concurrent.Executor;
import labchat.broker.acl.AclPolicy;
import labchat.broker.chat.ChatRules;
import labchat.broker.diagnostics.Explainer;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.store.MessageStore;
import labchat.broker.users.UserDirectory;
import labchat.protocol.topic.ChatTopics;

/**
 * What the guard asks and tells.
 *
 * @param allowAnonymous whether clients without a user name are let in
 * @param explainer finds the words for refusals
 * @param loginThreads where passwords are checked, which takes long
 * @param events hears everything
 */
public record GuardServices(
        GuardSettings settings,
        ChatTopics chatTopics,
        UserDirectory users,
        boolean allowAnonymous,
        AclPolicy acl,
        ChatRules rules,
        Explainer explainer,
        MessageStore store,
        Executor loginThreads,
        BrokerEventListener events,
        Clock clock) {}
