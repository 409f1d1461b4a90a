-- The tables of version 1, as that version made them, and a little in them.
PRAGMA journal_mode = WAL;
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  publishes BLOB NOT NULL);
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  sender TEXT NOT NULL,
  receiver TEXT NOT NULL,
  uuid TEXT NOT NULL,
  room TEXT,
  time INTEGER NOT NULL,
  qos INTEGER NOT NULL,
  payload TEXT NOT NULL,
  properties BLOB,
  text TEXT GENERATED ALWAYS AS (
    CASE WHEN kind = 'message' AND json_valid(payload) THEN payload ->> '$.message' END) VIRTUAL,
  conversation TEXT GENERATED ALWAYS AS (
    CASE WHEN kind <> 'message' THEN NULL
      WHEN room IS NOT NULL THEN room
      WHEN sender < receiver THEN sender || ' ' || receiver
      ELSE receiver || ' ' || sender END) VIRTUAL);
CREATE UNIQUE INDEX event_identity ON event (receiver, uuid, sender, kind, ifnull(room, ''));
CREATE INDEX event_receiver ON event (receiver, sequence);
CREATE INDEX event_conversation ON event (conversation, sequence) WHERE kind = 'message';
CREATE VIRTUAL TABLE message_text USING fts5(
  text, conversation, content='event', content_rowid='sequence', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE handed_over (
  user TEXT, receiver TEXT, kind TEXT, sequence INTEGER NOT NULL,
  PRIMARY KEY (user, receiver, kind)) WITHOUT ROWID;
CREATE TABLE session (
  user TEXT, client_id TEXT, expires INTEGER, position INTEGER NOT NULL,
  PRIMARY KEY (user, client_id)) WITHOUT ROWID;
CREATE TABLE subscription (
  user TEXT, client_id TEXT, filter TEXT, qos INTEGER, no_local INTEGER, retain_as_published INTEGER,
  retain_handling INTEGER, id INTEGER,
  PRIMARY KEY (user, client_id, filter)) WITHOUT ROWID;
CREATE TABLE room (
  id TEXT PRIMARY KEY, public INTEGER NOT NULL, creator TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE room_member (
  room TEXT, user TEXT, since INTEGER NOT NULL, PRIMARY KEY (room, user)) WITHOUT ROWID;
CREATE TABLE room_invitation (room TEXT, user TEXT, PRIMARY KEY (room, user)) WITHOUT ROWID;
CREATE TABLE account (
  id TEXT PRIMARY KEY, first_login INTEGER, last_login INTEGER, online INTEGER NOT NULL, since INTEGER)
  WITHOUT ROWID;
CREATE TABLE broker (last_alive INTEGER);
INSERT INTO broker VALUES (NULL);
PRAGMA user_version = 1;
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload) VALUES
  (1, 'message', 'a', 'b', '1', NULL, 1763633730123, 1, '{"sender":"a","receiver":"b","message":"Hei","uuid":"1"}'),
  (2, 'delivered', 'b', 'a', '1', NULL, 1763633730123, 1, '{"sender":"b","receiver":"a","uuid":"1"}'),
  (3, 'message', 'a', 'room', '2', 'room', 1763633730123, 1, '{"sender":"a","receiver":"room","message":"Hallo","uuid":"2"}'),
  (4, 'read', 'b', 'a', '2', 'room', 1763633730123, 1, '{"sender":"b","receiver":"a","uuid":"2"}'),
  (5, 'message', 'b', 'a', 'Odd"''uuid!', NULL, 1763633730123, 1, '{"sender":"b","receiver":"a","message":"Odd","uuid":"Odd\"''uuid!"}');
INSERT INTO message_text (rowid, text, conversation)
  SELECT sequence, text, conversation FROM event WHERE kind = 'message';
