package labchat.it.support;

import static java.util.stream.Collectors.toMap;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import labchat.broker.users.UserDirectory;

/**
 * Accounts in memory, so that wire tests spend no time on hashing.
 *
 * @param passwords by user name
 */
public record MapUsers(Map<String, String> passwords) implements UserDirectory {

    /** The class: {@code team1a} to {@code team12b}, {@code x1} to {@code x6}, and {@code staff}. */
    public static final MapUsers CLASS = of(Stream.of(
                    IntStream.rangeClosed(1, 12).mapToObj(i -> List.of("team" + i + "a", "team" + i + "b")),
                    IntStream.rangeClosed(1, 6).mapToObj(i -> List.of("x" + i)),
                    Stream.of(List.of("staff")))
            .flatMap(groups -> groups)
            .flatMap(Collection::stream)
            .toList());

    /** Each with the password {@code secret-of-NAME}. */
    public static MapUsers of(List<String> names) {
        return new MapUsers(names.stream()
                .collect(toMap(name -> name, name -> "secret-of-" + name, (a, b) -> a, LinkedHashMap::new)));
    }

    @Override
    public boolean contains(String user) {
        return passwords.containsKey(user);
    }

    @Override
    public Set<String> names() {
        return passwords.keySet();
    }

    @Override
    public boolean verify(String user, byte[] password) {
        return contains(user) && Arrays.equals(Bytes.utf8(passwords.get(user)), password);
    }
}
