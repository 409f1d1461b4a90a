package labchat.broker.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import labchat.broker.config.AclSubscribe;
import labchat.broker.config.TextFile;
import org.junit.jupiter.api.Test;

class LiveAclPolicyTest {

    private static final AclSubject ANN = new AclSubject(Optional.of("ann"), "");

    private static AclPolicy rules(String lines, long epoch) {
        AclFile file = AclFile.parse(TextFile.of("acl.conf", lines.getBytes(StandardCharsets.UTF_8)));
        assertThat(file.problems()).isEmpty();
        return new CompiledAclPolicy(file.rules(), AclSubscribe.STRICT, epoch);
    }

    @Test
    void replace_decidesByTheNewRules_andRaisesTheEpochWhateverTheirs() {
        LiveAclPolicy live = new LiveAclPolicy(rules("pattern read a/%u\n", 7));
        long before = live.epoch();
        assertThat(live.read(ANN, "a/ann").isAllowed()).isTrue();

        live.replace(rules("pattern read b/%u\n", 1));

        assertThat(live.epoch()).isGreaterThan(before);
        assertThat(live.read(ANN, "a/ann").isAllowed()).isFalse();
        assertThat(live.read(ANN, "b/ann").isAllowed()).isTrue();
        long second = live.epoch();
        live.replace(rules("", 1));
        assertThat(live.epoch()).isGreaterThan(second);
    }
}
