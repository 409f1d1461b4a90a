package labchat.broker.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.Setting;
import labchat.broker.config.TextFile;
import labchat.broker.users.PasswordHash;
import labchat.broker.users.UsersFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BindAddressTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0,ann,false,127.0.0.1,true",
        "0.0.0.0,secret,false,0.0.0.0,false",
        "0.0.0.0,ann,true,0.0.0.0,false",
        "192.0.2.7,ann,false,127.0.0.1,true",
        "127.0.0.2,ann,false,127.0.0.2,false",
        "::1,ann,false,0:0:0:0:0:0:0:1,false"
    })
    void demoPassword_keepsOtherMachinesOutUnlessAllowed(
            String bind, String password, String allow, String expected, boolean notice) {
        String hash = PasswordHash.create(password.getBytes(StandardCharsets.UTF_8), 1, new SecureRandom())
                .encoded();
        UsersFile users =
                UsersFile.parse(TextFile.of("users.conf", ("ann:" + hash + "\n").getBytes(StandardCharsets.UTF_8)));
        BrokerConfig config = ConfigLoader.load(
                        Map.of(Setting.BIND_ADDRESS, bind, Setting.ALLOW_DEMO_PASSWORDS, allow),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty())
                .config();

        BindAddress chosen = BindAddress.choose(config, users, false);

        assertThat(chosen.value()).isEqualTo(expected);
        assertThat(chosen.notice().isPresent()).isEqualTo(notice);
    }
}
