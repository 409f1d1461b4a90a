package labchat.broker.classroom;

import java.util.Objects;

/**
 * What one account's slip says.
 *
 * @param user the account
 * @param people who shares it, for whoever hands the slips out; empty if nobody is named
 * @param password secret, so this record's text does not show it
 */
record Slip(String user, String people, String password) {

    Slip {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(people, "people");
        Objects.requireNonNull(password, "password");
    }

    @Override
    public String toString() {
        return "Slip[%s]".formatted(user);
    }
}
