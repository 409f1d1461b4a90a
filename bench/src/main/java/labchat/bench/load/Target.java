package labchat.bench.load;

import labchat.bench.report.BenchException;

/**
 * The server, and as whom the clients log in.
 *
 * @param root the chat's root topic
 * @param userPattern the users' names, with one {@code %d} for the number, from 1
 * @param users how many users there are; client number n is user n modulo this
 * @param password the same for all
 */
public record Target(String host, int port, String root, String userPattern, int users, String password) {

    public Target {
        if (users < 1) {
            throw new BenchException("--users %d: at least 1 is needed".formatted(users));
        }
        if (!userPattern.matches("[A-Za-z0-9_-]*%0?\\d*d[A-Za-z0-9_-]*")) {
            throw new BenchException(
                    "--user-pattern \"%s\": needs one %%d (or such as %%04d) for the number, beside letters, digits, _ and -"
                            .formatted(userPattern));
        }
    }

    /** @param client from 0 */
    public String user(int client) {
        return userPattern.formatted(client % users + 1);
    }

    public String topic(String receiver, String kind) {
        return root + "/" + receiver + "/" + kind;
    }
}
