package labchat.it.conformance;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import labchat.it.support.Connect;
import labchat.it.support.MapUsers;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;

/** More accounts than tests: each takes fresh ones, and finds nothing that another has left. */
final class People {

    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final MapUsers USERS = new MapUsers(IntStream.range(0, 2_000)
            .mapToObj(i -> "user" + i)
            .collect(toMap(name -> name, name -> "secret-of-" + name)));

    private People() {}

    /** A broker of theirs with the store on. */
    static TestBroker broker() {
        return TestBroker.ofTheClass().users(USERS).stored();
    }

    /** Somebody who was never there. */
    static String fresh() {
        return "user" + NEXT.getAndIncrement();
    }

    /** The CONNECT by which somebody logs in on the connection. */
    static Connect loginOf(RawMqtt client, String user) {
        return Connect.as(client.wire())
                .clientId(client.name())
                .login(user, USERS.passwords().get(user));
    }

    /** Opens a connection and logs in. */
    static RawMqtt login(TestBroker broker, Wire wire, String user) throws IOException {
        RawMqtt client = broker.open(wire);
        assertThat(client.connect(loginOf(client, user)).code()).isZero();
        return client;
    }
}
