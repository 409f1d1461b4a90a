package labchat.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import labchat.broker.acl.AclFile;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclSubject;
import labchat.broker.acl.CompiledAclPolicy;
import labchat.broker.config.AclSubscribe;
import labchat.broker.config.TextFile;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;

class RightsDiffTest {

    private static final List<String> ACCOUNTS = List.of("ann", "bob");

    private static AclPolicy rules(String lines) {
        AclFile file = AclFile.parse(TextFile.of("acl.conf", lines.getBytes(StandardCharsets.UTF_8)));
        assertThat(file.problems()).isEmpty();
        return new CompiledAclPolicy(file.rules(), AclSubscribe.STRICT, 1);
    }

    private static List<String> diff(String before, String after, String... filters) {
        RightsDiff.Client ann = new RightsDiff.Client(new AclSubject(Optional.of("ann"), "c"), List.of(filters));
        return new RightsDiff(rules(before), rules(after), new ChatTopics("c"), ACCOUNTS).lines(List.of(ann));
    }

    @Test
    void lines_nameSubscriptionsAndKinds_thatComeAndGo() {
        assertThat(diff(
                        "pattern read c/%u/#\npattern write c/+/message\n",
                        "pattern read c/%u/message\npattern write c/+/typing\npattern write c/server/rooms\n",
                        "c/ann/#",
                        "c/ann/message"))
                .containsExactly(
                        "ann loses the subscription c/ann/#",
                        "ann loses the right to write message to everybody",
                        "ann loses the right to read c/ann/delivered",
                        "ann loses the right to read c/ann/read",
                        "ann gains the right to write typing to everybody",
                        "ann loses the right to read c/ann/typing",
                        "ann gains requests for rooms",
                        "of 1 connected users 1 would notice");
    }

    @Test
    void lines_ofTheSameRules_sayThatNothingChanges() {
        assertThat(diff("pattern read c/%u/#\n", "# the same\npattern read c/%u/#\n", "c/ann/#"))
                .containsExactly("nothing would change for who is connected (users: 1)");
    }
}
