package labchat.broker.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.Setting;
import org.junit.jupiter.api.Test;

class WelcomeTest {

    private static final OptionalInt OFF = OptionalInt.empty();

    private static BrokerConfig config(Map<Setting, String> options) {
        return ConfigLoader.load(options, Map.of(), Optional.empty(), Optional.empty())
                .config();
    }

    private static List<String> lines(String address, OptionalInt mqtt, OptionalInt ws, Map<Setting, String> options) {
        return new Welcome(
                        address,
                        new ServedPorts(mqtt, ws, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()),
                        Optional.empty(),
                        config(options),
                        List.of("a/b", "team1a"))
                .lines();
    }

    @Test
    void address_ofOneInterface_isNamedWithTheClientsCommand() {
        List<String> lines = lines("192.0.2.7", OptionalInt.of(1883), OptionalInt.of(8083), Map.of());

        assertThat(lines).contains("  MQTT        mqtt://192.0.2.7:1883", "  WebSocket   ws://192.0.2.7:8083/mqtt");
        assertThat(lines).anyMatch(line -> line.endsWith("client-cli.jar -h 192.0.2.7 -u team1a"));
    }

    @Test
    void addressAndPort_ofAnotherKind_areInTheCommand() {
        List<String> lines = lines(
                "127.0.0.1", OptionalInt.of(2000), OFF, Map.of(Setting.CHAT_ROOT, "lab", Setting.TRAFFIC_LOG, "off"));

        assertThat(lines).anyMatch(line -> line.endsWith(" -h localhost -p 2000 --chat-root lab -u team1a"));
        assertThat(lines).noneMatch(line -> line.contains("WebSocket") || line.contains("packet"));
    }

    @Test
    void page_isNamedWithItsAddress() {
        BrokerConfig config = config(Map.of());
        assertThat(new Welcome(
                                "192.0.2.7",
                                new ServedPorts(OFF, OFF, OFF, OFF, OptionalInt.of(8080)),
                                Optional.empty(),
                                config,
                                List.of())
                        .lines())
                .contains("  Page        http://192.0.2.7:8080/");
    }

    @Test
    void address_ofVersion6_isInBrackets() {
        assertThat(lines("2001:db8::1", OptionalInt.of(1883), OFF, Map.of()))
                .contains("  MQTT        mqtt://[2001:db8::1]:1883");
    }

    @Test
    void anyAddress_isNeverShownAsItIs() {
        assertThat(MachineAddresses.reaching("0.0.0.0"))
                .isNotEmpty()
                .noneMatch(address -> address.contains("0.0.0.0") || address.contains("%"));
        assertThat(MachineAddresses.reaching("192.0.2.7")).containsExactly("192.0.2.7");
    }

    @Test
    void tcpOff_leavesTheClientsCommandOut() {
        assertThat(lines("192.0.2.7", OFF, OptionalInt.of(1), Map.of())).noneMatch(line -> line.contains("java -jar"));
    }

    @Test
    void everything_isSaidOnceAndWithinTenLines() {
        List<String> lines = new Welcome(
                        "0.0.0.0",
                        new ServedPorts(
                                OptionalInt.of(1883),
                                OptionalInt.of(8083),
                                OptionalInt.of(8883),
                                OptionalInt.of(8084),
                                OptionalInt.of(8080)),
                        Optional.empty(),
                        config(Map.of(Setting.STAFF, "kashish")),
                        List.of("team1a"))
                .lines();

        assertThat(lines).hasSizeBetween(7, 10);
        assertThat(lines).doesNotHaveDuplicates();
        assertThat(lines).filteredOn(line -> line.contains("/staff")).hasSize(1);
        assertThat(lines).filteredOn(line -> line.contains("java -jar")).hasSize(1);
        assertThat(lines).contains("  Files       messages and the traffic log are in data");
    }
}
