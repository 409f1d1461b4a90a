package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import labchat.broker.mqtt.guard.WireCounts.What;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Connection connection = new GuardFixture(new GuardFixture.SwitchedAcl()).connection(channel);
    private final Throttle throttle = new Throttle(connection);
    private final long most = Crowd.MOST_BYTES;

    ThrottleTest() {
        connection.loggedIn("session");
        connection.state(Connection.State.OPEN);
    }

    @Test
    void publisher_whileLittleWaits_isReadFromAtOnce() {
        connection.counts().add(What.WAITING_BYTES, most);
        throttle.count();

        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void publisher_whileTooMuchWaits_isReadFromLater() {
        connection.counts().add(What.WAITING_BYTES, most * 5 / 4);
        throttle.count();
        assertThat(channel.config().isAutoRead()).isFalse();

        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
    }
}
