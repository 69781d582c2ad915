-- Every event as an auditor asks for it: delete the file and it comes back. Holds values in clear, so it is as private as the
-- directory. Apart from the views, since it takes longer to build, and nobody waits for it who does not ask.

CREATE TABLE checkpoint (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
) STRICT;
INSERT INTO checkpoint VALUES (1, 0);

-- Words that stand in many rows, in clear in the log: actors, types, actions, reasons, cycles; and names of attributes.
CREATE TABLE term (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- Whom events are about: people, and operators. `state` is the person as the events so far leave them.
CREATE TABLE subject (
  id INTEGER PRIMARY KEY,
  alias TEXT NOT NULL UNIQUE,
  shown TEXT,
  erased INTEGER,
  state TEXT
) STRICT;

-- An index ends with the position, so that each gives its rows in the order of the log.
CREATE TABLE audit (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  occurred INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  type INTEGER NOT NULL,
  subject INTEGER,
  action INTEGER NOT NULL,
  status INTEGER NOT NULL,
  reason INTEGER,
  cycle INTEGER,
  correlation INTEGER,
  causation BLOB,
  changes TEXT,
  text TEXT
) STRICT;
CREATE INDEX audit_actor ON audit (actor);
CREATE INDEX audit_type ON audit (type);
CREATE INDEX audit_subject ON audit (subject) WHERE subject IS NOT NULL;
CREATE INDEX audit_action ON audit (action);
CREATE INDEX audit_status ON audit (status);
CREATE INDEX audit_reason ON audit (reason) WHERE reason IS NOT NULL;
CREATE INDEX audit_cycle ON audit (cycle) WHERE cycle IS NOT NULL;
CREATE INDEX audit_correlation ON audit (correlation) WHERE correlation IS NOT NULL;

-- Which attributes an event changed.
CREATE TABLE change (
  attribute INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (attribute, position)
) STRICT, WITHOUT ROWID;

-- Every name, address and id that somebody ever had, ASCII in lower case.
CREATE TABLE name (
  subject INTEGER NOT NULL,
  value TEXT NOT NULL,
  is_name INTEGER NOT NULL,
  PRIMARY KEY (subject, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_value ON name (value) WHERE is_name = 1;

-- The words of these, and those of what an event says. Tables of our own and no full-text index: SQLite before 3.42 cannot
-- make one forget (https://sqlite.org/fts5.html#the_secure_delete_configuration_option).
CREATE TABLE person_word (
  word TEXT NOT NULL,
  subject INTEGER NOT NULL,
  PRIMARY KEY (word, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_word_subject ON person_word (subject, word);
CREATE TABLE event_word (
  word TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (word, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_word_position ON event_word (position, word);
