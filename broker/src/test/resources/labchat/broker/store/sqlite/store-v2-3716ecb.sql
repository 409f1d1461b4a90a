-- Written by broker/src/test/store/dump from the store of commit 3716ecb.
PRAGMA journal_mode = WAL;
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  publishes BLOB NOT NULL);
INSERT INTO journal (id, first_sequence, last_sequence, publishes) VALUES (7, 7, 7, X'010000000000000007000001A1FEA68BA70001067465616D3261067465616D3161046C617374000000004C7B2273656E646572223A227465616D3261222C227265636569766572223A227465616D3161222C226D657373616765223A226C61737420776F726473222C2275756964223A226C617374227D00000000FB187463');
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
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (1, 'message', 'team1a', 'team2a', 'ee331234611ca75d94866524782ed38f', NULL, 1795273674794, 1, '{"sender":"team1a","receiver":"team2a","message":"first, with æøå and \"quotes\"","uuid":"ee331234611ca75d94866524782ed38f"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (2, 'message', 'team1a', 'team2b', 'f6c6a18ee6f876ec3ca98dedb58481c6', NULL, 1795273677600, 1, '{"sender":"team1a","receiver":"team2b","message":"for a session that is away","uuid":"f6c6a18ee6f876ec3ca98dedb58481c6"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (3, 'message', 'team1a', 'team2a', '75fff4b772da5187e07bcb114e247307', NULL, 1795273680522, 1, '{"sender":"team1a","receiver":"team2a","message":"second","uuid":"75fff4b772da5187e07bcb114e247307"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (4, 'message', 'team2a', 'team1a', 'Odd-uuid.1', NULL, 1795273684760, 1, '{"sender":"team2a","receiver":"team1a","message":"by hand","uuid":"Odd-uuid.1"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (5, 'delivered', 'team1a', 'team2a', 'Odd-uuid.1', NULL, 1795273684850, 1, '{"sender":"team1a","receiver":"team2a","uuid":"Odd-uuid.1"}', NULL);
INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties) VALUES (6, 'read', 'team1a', 'team2a', 'Odd-uuid.1', NULL, 1795273684938, 1, '{"sender":"team1a","receiver":"team2a","uuid":"Odd-uuid.1"}', NULL);
CREATE TABLE broker (last_alive INTEGER);
INSERT INTO broker (last_alive) VALUES (1795273686795);
CREATE TABLE handed_over (
  user TEXT, receiver TEXT, kind TEXT, sequence INTEGER NOT NULL,
  PRIMARY KEY (user, receiver, kind)) WITHOUT ROWID
;
INSERT INTO handed_over (user, receiver, kind, sequence) VALUES ('team2a', 'corner', 'message', 3);
CREATE TABLE session (
  user TEXT, client_id TEXT, expires INTEGER, position INTEGER NOT NULL,
  PRIMARY KEY (user, client_id)) WITHOUT ROWID
;
INSERT INTO session (user, client_id, expires, position) VALUES ('team2b', 'away-client', 1797865670798, 0);
CREATE TABLE subscription (
  user TEXT, client_id TEXT, filter TEXT, qos INTEGER, no_local INTEGER, retain_as_published INTEGER,
  retain_handling INTEGER, id INTEGER,
  PRIMARY KEY (user, client_id, filter)) WITHOUT ROWID
;
INSERT INTO subscription (user, client_id, filter, qos, no_local, retain_as_published, retain_handling, id) VALUES ('team2b', 'away-client', 'ttm4175/chat/team2b/#', 1, 0, 0, 0, 0);
CREATE TABLE room (
  id TEXT PRIMARY KEY, public INTEGER NOT NULL, creator TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID
;
INSERT INTO room (id, public, creator, created) VALUES ('corner', 1, 'team2a', 1795273680719);
CREATE TABLE room_member (
  room TEXT, user TEXT, since INTEGER NOT NULL, PRIMARY KEY (room, user)) WITHOUT ROWID
;
INSERT INTO room_member (room, user, since) VALUES ('corner', 'team2a', 1795273680719);
CREATE TABLE room_invitation (room TEXT, user TEXT, PRIMARY KEY (room, user)) WITHOUT ROWID;
CREATE TABLE account (
  id TEXT PRIMARY KEY, first_login INTEGER, last_login INTEGER, online INTEGER NOT NULL, since INTEGER)
  WITHOUT ROWID
;
INSERT INTO account (id, first_login, last_login, online, since) VALUES ('team1a', 1795273674138, 1795273684937, 0, 1795273684971);
INSERT INTO account (id, first_login, last_login, online, since) VALUES ('team2a', 1795273680679, 1795273684759, 0, 1795273684797);
INSERT INTO account (id, first_login, last_login, online, since) VALUES ('team2b', 1795273669605, 1795273669605, 0, 1795273670819);
CREATE INDEX event_receiver ON event (receiver, sequence);
CREATE INDEX event_conversation ON event (conversation, sequence) WHERE kind = 'message';
CREATE VIRTUAL TABLE message_text USING fts5(
  text, conversation, content='event', content_rowid='sequence', tokenize='unicode61 remove_diacritics 2');
INSERT INTO message_text (message_text) VALUES ('rebuild');
INSERT INTO message_text (message_text, rank) VALUES ('automerge', 0);
CREATE VIRTUAL TABLE event_uuid USING fts5(
  uuid, content='event', content_rowid='sequence', columnsize=0, detail=none,
  tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'");
INSERT INTO event_uuid (event_uuid) VALUES ('rebuild');
INSERT INTO event_uuid (event_uuid, rank) VALUES ('automerge', 0);
PRAGMA user_version = 2;
