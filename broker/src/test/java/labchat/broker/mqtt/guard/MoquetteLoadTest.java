package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class MoquetteLoadTest {

    private final GuardFixture fixture = new GuardFixture(new GuardFixture.SwitchedAcl());
    private final MoquetteLoad load = new MoquetteLoad(2);

    private static boolean isRead(Connection connection) {
        ((EmbeddedChannel) connection.channel()).runPendingTasks();
        return connection.channel().config().isAutoRead();
    }

    @Test
    void add_upToTheBound_readsOn() {
        Connection connection = fixture.connection();
        load.add(connection);
        load.add(connection);
        assertThat(isRead(connection)).isTrue();
    }

    @Test
    void add_beyondTheBound_pausesUntilThereIsRoom() {
        Connection first = fixture.connection();
        Connection second = fixture.connection();
        load.add(first);
        load.add(first);
        load.add(second);
        assertThat(isRead(first)).isTrue();
        assertThat(isRead(second)).isFalse();

        load.remove(1);
        assertThat(isRead(second)).isTrue();
    }

    @Test
    void add_twiceBeyondTheBound_resumesOnlyWhenBothHaveRoom() {
        Connection connection = fixture.connection();
        for (int i = 0; i < 4; i++) {
            load.add(connection);
        }
        load.remove(1);
        assertThat(isRead(connection)).isFalse();
        load.remove(1);
        assertThat(isRead(connection)).isTrue();
    }
}
