-- The event log: append only. `event.entry` is the truth; every other column is an index over it.

CREATE TABLE stream (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 255)
) STRICT;

CREATE TABLE event_type (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 255)
) STRICT;

-- No foreign keys: they cost a look-up a row, and `verify` compares both names with the entry anyway.
-- No index on time: it never decreases with position, so a range of time is found by bisection.
CREATE TABLE event (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  id BLOB NOT NULL CHECK (length(id) = 16),
  stream INTEGER NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  type INTEGER NOT NULL,
  time INTEGER NOT NULL,
  leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
  entry BLOB NOT NULL CHECK (length(entry) BETWEEN 1 AND 65535)
) STRICT;
CREATE UNIQUE INDEX event_id ON event (id);
CREATE UNIQUE INDEX event_version ON event (stream, version);
CREATE INDEX event_kind ON event (type);

-- The roots of complete 256-wide tiles: level 8 over 256 leaves, level 16 over 256 of those, and so on.
CREATE TABLE merkle_node (
  level INTEGER NOT NULL CHECK (level > 0 AND level % 8 = 0),
  idx INTEGER NOT NULL CHECK (idx >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

-- Signed statements of the log's size and root (C2SP tlog-checkpoint), one a size, as text with its signatures.
CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY CHECK (size >= 0),
  time INTEGER NOT NULL,
  note TEXT NOT NULL CHECK (length(note) > 0)
) STRICT;

-- How far each place outside has been told. Not evidence and not part of the log: what is lost here is told again.
CREATE TABLE anchor (
  name TEXT PRIMARY KEY NOT NULL,
  size INTEGER,
  anchored INTEGER,
  failed INTEGER,
  failure TEXT
) STRICT;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER stream_no_update BEFORE UPDATE ON stream
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER stream_no_delete BEFORE DELETE ON stream
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER event_type_no_update BEFORE UPDATE ON event_type
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER event_type_no_delete BEFORE DELETE ON event_type
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER merkle_node_no_update BEFORE UPDATE ON merkle_node
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER merkle_node_no_delete BEFORE DELETE ON merkle_node
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;

-- INSERT OR REPLACE deletes without firing a DELETE trigger, so what it could overwrite is refused beforehand.
CREATE TRIGGER event_append_only BEFORE INSERT ON event
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event)
  OR EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM event WHERE stream = NEW.stream AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER stream_append_only BEFORE INSERT ON stream
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM stream)
  OR EXISTS (SELECT 1 FROM stream WHERE name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER event_type_append_only BEFORE INSERT ON event_type
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM event_type)
  OR EXISTS (SELECT 1 FROM event_type WHERE name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER merkle_node_append_only BEFORE INSERT ON merkle_node
WHEN NEW.idx IS NOT (SELECT coalesce(max(idx), -1) + 1 FROM merkle_node WHERE level = NEW.level)
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER checkpoint_append_only BEFORE INSERT ON checkpoint
WHEN NEW.size <= (SELECT coalesce(max(size), -1) FROM checkpoint)
BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
