-- Written by broker/src/test/store/dump from the store of commit dd3dd98, the first that had one.
PRAGMA journal_mode = WAL;
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  publishes BLOB NOT NULL);
INSERT INTO journal (id, first_sequence, last_sequence, publishes) VALUES (1, 7, 7, X'010000000000000007000001A1FEA616850001067465616D3261067465616D3161046C617374000000004C7B2273656E646572223A227465616D3261222C227265636569766572223A227465616D3161222C226D657373616765223A226C61737420776F726473222C2275756964223A226C617374227D00000000ED49461E');
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
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (1, 'message', 'team1a', 'team2a', '2818b6a6b4e2e8d95847ca0704210bfa', NULL, 1795273632396, 1, '{"sender":"team1a","receiver":"team2a","message":"first, with æøå and \"quotes\"","uuid":"2818b6a6b4e2e8d95847ca0704210bfa"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (2, 'message', 'team1a', 'team2b', 'ab33de1798c1b43f55aecb01b85f68b1', NULL, 1795273641094, 1, '{"sender":"team1a","receiver":"team2b","message":"for a session that is away","uuid":"ab33de1798c1b43f55aecb01b85f68b1"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (3, 'message', 'team1a', 'team2a', 'c6c38c3ec54f906211a96621936c6942', NULL, 1795273649729, 1, '{"sender":"team1a","receiver":"team2a","message":"second","uuid":"c6c38c3ec54f906211a96621936c6942"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (4, 'message', 'team2a', 'team1a', 'Odd-uuid.1', NULL, 1795273654509, 1, '{"sender":"team2a","receiver":"team1a","message":"by hand","uuid":"Odd-uuid.1"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (5, 'delivered', 'team1a', 'team2a', 'Odd-uuid.1', NULL, 1795273654823, 1, '{"sender":"team1a","receiver":"team2a","uuid":"Odd-uuid.1"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (6, 'read', 'team1a', 'team2a', 'Odd-uuid.1', NULL, 1795273654934, 1, '{"sender":"team1a","receiver":"team2a","uuid":"Odd-uuid.1"}', NULL);
CREATE TABLE handed_over (
  user TEXT, receiver TEXT, kind TEXT, sequence INTEGER NOT NULL,
  PRIMARY KEY (user, receiver, kind)) WITHOUT ROWID
;
INSERT INTO handed_over (user, receiver, kind, sequence) VALUES ('team2a', 'corner', 'message', 3);
CREATE TABLE session (
  user TEXT, client_id TEXT, expires INTEGER, position INTEGER NOT NULL,
  PRIMARY KEY (user, client_id)) WITHOUT ROWID
;
INSERT INTO session (user, client_id, expires, position) VALUES ('team2b', 'away-client', 1797865622439, 0);
CREATE TABLE subscription (
  user TEXT, client_id TEXT, filter TEXT, qos INTEGER, no_local INTEGER, retain_as_published INTEGER,
  retain_handling INTEGER, id INTEGER,
  PRIMARY KEY (user, client_id, filter)) WITHOUT ROWID
;
INSERT INTO subscription (user, client_id, filter, qos, no_local, retain_as_published, retain_handling, id) VALUES ('team2b', 'away-client', 'ttm4175/chat/team2b/#', 1, 0, 0, 0, 0);
CREATE TABLE room (
  id TEXT PRIMARY KEY, public INTEGER NOT NULL, creator TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID
;
INSERT INTO room (id, public, creator, created) VALUES ('corner', 1, 'team2a', 1795273650414);
CREATE TABLE room_member (
  room TEXT, user TEXT, since INTEGER NOT NULL, PRIMARY KEY (room, user)) WITHOUT ROWID
;
INSERT INTO room_member (room, user, since) VALUES ('corner', 'team2a', 1795273650414);
CREATE TABLE room_invitation (room TEXT, user TEXT, PRIMARY KEY (room, user)) WITHOUT ROWID;
CREATE TABLE account (
  id TEXT PRIMARY KEY, first_login INTEGER, last_login INTEGER, online INTEGER NOT NULL, since INTEGER)
  WITHOUT ROWID
;
INSERT INTO account (id, first_login, last_login, online, since) VALUES ('team1a', 1795273631783, 1795273654933, 0, 1795273654997);
INSERT INTO account (id, first_login, last_login, online, since) VALUES ('team2a', 1795273650329, 1795273660035, 1, 1795273660035);
INSERT INTO account (id, first_login, last_login, online, since) VALUES ('team2b', 1795273621324, 1795273621324, 0, 1795273622440);
CREATE TABLE broker (last_alive INTEGER);
INSERT INTO broker (last_alive) VALUES (1795273657150);
CREATE UNIQUE INDEX event_identity ON event (receiver, uuid, sender, kind, ifnull(room, ''));
CREATE INDEX event_receiver ON event (receiver, sequence);
CREATE INDEX event_conversation ON event (conversation, sequence) WHERE kind = 'message';
CREATE VIRTUAL TABLE message_text USING fts5(
  text, conversation, content='event', content_rowid='sequence', tokenize='unicode61 remove_diacritics 2');
INSERT INTO message_text (message_text) VALUES ('rebuild');
PRAGMA user_version = 1;
