package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import labchat.broker.store.RoomStore;
import labchat.broker.store.StoreException;
import labchat.protocol.identity.ChatId;

/** Rooms. A second invitation or removal changes nothing. */
final class SqliteRooms implements RoomStore {

    private static final String INVITE = "INSERT OR IGNORE INTO room_invitation (room, user) VALUES (?, ?)";
    private static final String REMOVE_MEMBER = "DELETE FROM room_member WHERE room = ? AND user = ?";
    private static final String UNINVITE = "DELETE FROM room_invitation WHERE room = ? AND user = ?";

    private final Path file;
    private final WriteQueue queue;
    private final Readers readers;

    SqliteRooms(Path file, WriteQueue queue, Readers readers) {
        this.file = file;
        this.queue = queue;
        this.readers = readers;
    }

    @Override
    public List<KeptRoom> rooms() {
        return Answers.await(file, readers.read(SqliteRooms::all));
    }

    private static List<KeptRoom> all(Connection connection) throws SQLException {
        Map<String, Set<ChatId>> members = users(connection, "SELECT room, user FROM room_member");
        Map<String, Set<ChatId>> invited = users(connection, "SELECT room, user FROM room_invitation");
        List<KeptRoom> rooms = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, public, creator, created FROM room ORDER BY id")) {
            while (rows.next()) {
                String id = rows.getString(1);
                rooms.add(new KeptRoom(
                        new ChatId(id),
                        rows.getInt(2) != 0,
                        new ChatId(rows.getString(3)),
                        Instant.ofEpochMilli(rows.getLong(4)),
                        members.getOrDefault(id, Set.of()),
                        invited.getOrDefault(id, Set.of())));
            }
        }
        return rooms;
    }

    private static Map<String, Set<ChatId>> users(Connection connection, String sql) throws SQLException {
        Map<String, Set<ChatId>> users = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                users.computeIfAbsent(rows.getString(1), room -> new HashSet<>())
                        .add(new ChatId(rows.getString(2)));
            }
        }
        return users;
    }

    @Override
    public CompletionStage<Void> create(KeptRoom room) {
        return queue.change(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO room (id, public, creator, created) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
                insert.setString(1, room.id().value());
                insert.setBoolean(2, room.isPublic());
                insert.setString(3, room.creator().value());
                insert.setLong(4, room.created().toEpochMilli());
                if (insert.executeUpdate() == 0) {
                    throw new StoreException("the room %s exists already".formatted(room.id()));
                }
            }
            for (ChatId member : room.members()) {
                add(connection, room.id(), member, room.created());
            }
            for (ChatId user : room.invited()) {
                SqliteSessions.run(connection, INVITE, room.id().value(), user.value());
            }
            return null;
        });
    }

    private static void add(Connection connection, ChatId room, ChatId user, Instant since) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT OR IGNORE INTO room_member (room, user, since) VALUES (?, ?, ?)")) {
            insert.setString(1, room.value());
            insert.setString(2, user.value());
            insert.setLong(3, since.toEpochMilli());
            insert.executeUpdate();
        }
    }

    @Override
    public CompletionStage<Void> addMember(ChatId room, ChatId user, Instant since) {
        return queue.change(connection -> {
            add(connection, room, user, since);
            SqliteSessions.run(connection, UNINVITE, room.value(), user.value());
            return null;
        });
    }

    @Override
    public CompletionStage<Void> removeMember(ChatId room, ChatId user) {
        return queue.change(connection -> {
            SqliteSessions.run(connection, REMOVE_MEMBER, room.value(), user.value());
            SqliteSessions.run(connection, UNINVITE, room.value(), user.value());
            return null;
        });
    }

    @Override
    public CompletionStage<Void> invite(ChatId room, ChatId user) {
        return queue.change(connection -> {
            SqliteSessions.run(connection, INVITE, room.value(), user.value());
            return null;
        });
    }

    @Override
    public CompletionStage<Void> remove(ChatId room) {
        return queue.change(connection -> {
            SqliteSessions.run(connection, "DELETE FROM room_member WHERE room = ?", room.value());
            SqliteSessions.run(connection, "DELETE FROM room_invitation WHERE room = ?", room.value());
            SqliteSessions.run(connection, "DELETE FROM room WHERE id = ?", room.value());
            return null;
        });
    }
}
