package labchat.broker.mqtt.guard;

import java.time.Clock;
import java.util.concurrent.Executor;
import labchat.broker.acl.AclPolicy;
import labchat.broker.chat.ChatRules;
import labchat.broker.diagnostics.Explainer;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.LateClientGateway;
import labchat.broker.event.Membership;
import labchat.broker.event.ServerAccount;
import labchat.broker.store.Store;
import labchat.broker.tls.ClientCertificates;
import labchat.broker.users.UserDirectory;
import labchat.protocol.topic.ChatTopics;

/**
 * What the guard asks and tells.
 *
 * @param allowAnonymous whether clients without a user name are let in
 * @param explainer finds the words for refusals
 * @param rooms who is a member of which room
 * @param server what users may ask of the server
 * @param outbound gets what speaks in the server's name, as soon as that exists
 * @param certificates which certificates of clients are revoked
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
        Store store,
        Membership rooms,
        ServerAccount server,
        LateClientGateway outbound,
        ClientCertificates certificates,
        Executor loginThreads,
        BrokerEventListener events,
        Clock clock) {}
