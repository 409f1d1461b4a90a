package labchat.broker.mqtt.guard;

import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.users.UserDirectory;

/**
 * After accounts, rules or lists of revoked certificates were replaced: cuts off who has lost them. Connections of an
 * account that is gone, or has another password, and those with a certificate that is revoked, are closed, and their Wills not published; the sessions of accounts that are gone are forgotten; of everybody
 * else, connected or away, subscriptions end that would not be granted now. Nobody else notices.
 *
 * <p>Whoever logs in meanwhile has either found the new accounts, or is in the list of connections already, or is refused
 * because the account's version has risen since the login began; see {@link ConnectHandler}.
 */
final class Revocation {

    private static final long MOST_SECONDS = 5;

    private final Guard guard;

    Revocation(Guard guard) {
        this.guard = guard;
    }

    /** Does it, and returns when it is done; not to be called on an event loop. */
    Revoked revoke() {
        UserDirectory users = guard.services().users();
        AtomicInteger subscriptions = new AtomicInteger();
        AtomicInteger sessions = new AtomicInteger();
        List<CompletableFuture<Boolean>> done = new ArrayList<>();
        for (Connection connection : guard.connections()) {
            CompletableFuture<Boolean> closed = new CompletableFuture<>();
            done.add(closed);
            connection.loop().execute(() -> look(connection, users, subscriptions, sessions, closed));
        }
        sessions.addAndGet(guard.sessions().removeAllBut(users::contains));
        subscriptions.addAndGet(guard.sessions().endRefused(guard.services().acl()));
        int connections = 0;
        for (CompletableFuture<Boolean> one : done) {
            connections += wasClosed(one) ? 1 : 0;
        }
        // One that was on its way from a connection to the next.
        sessions.addAndGet(guard.sessions().removeAllBut(users::contains));
        return new Revoked(connections, subscriptions.get(), sessions.get());
    }

    private static boolean wasClosed(CompletableFuture<Boolean> one) {
        try {
            return one.get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private void look(
            Connection connection,
            UserDirectory users,
            AtomicInteger ended,
            AtomicInteger sessions,
            CompletableFuture<Boolean> closed) {
        try {
            if (connection.session() == null) {
                closed.complete(false);
            } else if (connection.isLoginStillGood()) {
                ended.addAndGet(connection.subscriber().endRefused());
                closed.complete(false);
            } else {
                boolean gone = !users.contains(connection.subject().user().orElse(""));
                if (gone && connection.durable() != null) {
                    connection.sessionExpiry(Duration.ZERO);
                    sessions.incrementAndGet();
                }
                connection.gone().addListener(end -> closed.complete(true));
                connection.closeWith(
                        MqttReasonCodes.Disconnect.NOT_AUTHORIZED,
                        Cause.CLOSED_BY_BROKER,
                        gone
                                ? "the account was removed"
                                : connection
                                        .certificateProblem()
                                        .orElse("the password was changed; log in with the new one"));
            }
        } catch (RuntimeException e) {
            closed.completeExceptionally(e);
        }
    }
}
