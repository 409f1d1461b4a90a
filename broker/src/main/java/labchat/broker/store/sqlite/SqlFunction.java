package labchat.broker.store.sqlite;

import java.sql.SQLException;

/** A function that may fail as the database does. */
@FunctionalInterface
interface SqlFunction<A, T> {

    T apply(A argument) throws SQLException;
}
