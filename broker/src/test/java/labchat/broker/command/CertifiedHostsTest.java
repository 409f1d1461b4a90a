package labchat.broker.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertifiedHostsTest {

    @Test
    void nameForPeople_comesBeforeAddressesThatAreCertified() {
        assertThat(CertifiedHosts.reaching(
                        List.of("192.0.2.7", "192.0.2.8"),
                        List.of("broker.example", "192.0.2.7", "localhost", "127.0.0.1", "::1")))
                .containsExactly("broker.example", "192.0.2.7");
    }

    @Test
    void name_ofThisMachine_comesAfterAddresses() throws Exception {
        String own = InetAddress.getLocalHost().getHostName();

        assertThat(CertifiedHosts.reaching(List.of("192.0.2.7"), List.of("lab", "192.0.2.7")))
                .startsWith("lab");
        if (own.indexOf('.') < 0 && !own.equals("localhost")) {
            assertThat(CertifiedHosts.reaching(List.of("192.0.2.7"), List.of(own, "192.0.2.7")))
                    .startsWith("192.0.2.7");
        }
    }

    @Test
    void broker_onThisMachineOnly_isNamedLocalhost() {
        assertThat(CertifiedHosts.reaching(List.of("127.0.0.1"), List.of("broker.example", "localhost", "127.0.0.1")))
                .containsExactly("127.0.0.1", "localhost");
    }

    @Test
    void certificate_ofNobodyHere_leavesTheAddress() {
        assertThat(CertifiedHosts.reaching(List.of("192.0.2.7"), List.of("*.example", "198.51.100.1")))
                .containsExactly("192.0.2.7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker", "broker.example", "*.example", "192.0.2.7", "::1", "fd00::2", "a-b.c_d.x"})
    void host_thatMayBe_isTaken(String host) {
        assertThat(CertifiedHosts.problem(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://a",
                "a:80",
                "a/b",
                "a b",
                "-a",
                "a-",
                "a..b",
                "192.0.2",
                "300.1.1.1",
                "[::1]",
                "fe80::1%eth0",
                "ø"
            })
    void host_thatCannotBe_isNot(String host) {
        assertThat(CertifiedHosts.problem(host)).isNotEmpty();
    }
}
