package labchat.broker.store.sqlite;

import java.sql.SQLException;
import labchat.broker.store.StoreException;

/** Why the file cannot be written, in words. */
final class StoreProblem {

    private StoreProblem() {}

    /** In a few words. */
    static String reason(Throwable cause) {
        if (cause instanceof SQLException sql) {
            return Database.reason(sql);
        }
        return cause instanceof StoreException ? cause.getMessage() : "internal error: " + cause;
    }

    /** What staff can do about it. */
    static String advice(String reason) {
        if (reason.contains("full")) {
            return "free some space on its disk";
        }
        if (reason.contains("gone") || reason.contains("replaced")) {
            return "put the file back where it was, or stop the broker and restore a backup with broker.jar restore FILE";
        }
        if (reason.contains("damaged")) {
            return "stop the broker and restore a backup with broker.jar restore FILE";
        }
        if (reason.contains("read-only") || reason.contains("opened") || reason.contains("reached")) {
            return "check owner and mode of the file and its directory";
        }
        if (reason.contains("locked")) {
            return "end the program that has locked it, such as sqlite3 in a transaction";
        }
        return "check its disk";
    }
}
