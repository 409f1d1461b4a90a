package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import labchat.broker.store.StoreException;

/** Whether a file is one that this program can use. */
final class Checks {

    private Checks() {}

    /** @throws StoreException if a newer broker or another program has written the file; an empty one is fine */
    static void refuseUnknown(Path file, Connection connection) throws SQLException {
        int version = Schema.version(connection);
        if (version > Schema.VERSION) {
            throw new StoreException(Damage.newer(file, version));
        }
        boolean fresh = version == 0 && Schema.isEmpty(connection);
        if (!fresh && !Schema.isOurs(connection)) {
            throw new StoreException(Damage.foreign(file));
        }
    }

    /** @throws StoreException if the file's pages are not what they should be; takes some 10 ms for each MB */
    static void refuseDamaged(Path file, Connection connection) throws SQLException {
        String verdict = Database.quickCheck(connection);
        if (!verdict.equals("ok")) {
            throw new StoreException(Damage.advice(file, verdict));
        }
    }
}
