package labchat.broker.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/**
 * All settings, valid.
 *
 * @param bindAddress the address to listen on
 * @param port for MQTT over TCP; empty for none, 0 for any free port
 * @param websocketPort for MQTT over WebSocket; likewise
 * @param tls the listeners with TLS
 * @param web the pages
 * @param passwordFile Mosquitto's {@code password_file}
 * @param aclFile Mosquitto's {@code acl_file}
 * @param allowAnonymous whether clients without a user name are let in
 * @param dataDir where store and logs live
 * @param lobby the id of the room that every account is in; empty for none
 * @param trafficLog the traffic log's file; empty for none
 * @param trafficLogPayload whether message texts are logged too
 * @param trafficLogMaxBytes at which size the traffic log rolls, in bytes
 * @param trafficLogKeep how many rolled files are kept
 * @param verifySender whether a payload's sender must be the user that is logged in
 * @param maxPacketSize the largest MQTT packet that is accepted, in bytes
 * @param maxTextLength the longest message text, in characters
 * @param connectTimeout from accept to CONNECT
 * @param limits what clients may take
 * @param store what is kept on disk
 * @param eventLoops threads that serve connections; 0 chooses by the cores
 * @param sysInterval how often {@code $SYS} is published; zero for never
 * @param readyFile written when all listeners answer; empty for none
 * @param allowDemoPasswords whether demo passwords may be reachable from other machines
 */
public record BrokerConfig(
        String bindAddress,
        Optional<Integer> port,
        Optional<Integer> websocketPort,
        TlsConfig tls,
        WebConfig web,
        Path passwordFile,
        Path aclFile,
        boolean allowAnonymous,
        AclSubscribe aclSubscribe,
        Path dataDir,
        ChatTopics chatTopics,
        Optional<ChatId> lobby,
        Optional<Path> trafficLog,
        boolean trafficLogPayload,
        long trafficLogMaxBytes,
        int trafficLogKeep,
        ValidationMode validation,
        boolean verifySender,
        int maxPacketSize,
        int maxTextLength,
        Duration connectTimeout,
        Limits limits,
        StoreConfig store,
        int eventLoops,
        Duration sysInterval,
        Optional<Path> readyFile,
        boolean allowDemoPasswords) {

    /** The same settings, but for the address to listen on. */
    public BrokerConfig withBindAddress(String address) {
        return new BrokerConfig(
                address,
                port,
                websocketPort,
                tls,
                web,
                passwordFile,
                aclFile,
                allowAnonymous,
                aclSubscribe,
                dataDir,
                chatTopics,
                lobby,
                trafficLog,
                trafficLogPayload,
                trafficLogMaxBytes,
                trafficLogKeep,
                validation,
                verifySender,
                maxPacketSize,
                maxTextLength,
                connectTimeout,
                limits,
                store,
                eventLoops,
                sysInterval,
                readyFile,
                allowDemoPasswords);
    }
}
