-- What operators did, who they are as far as that is known, and cycles that a crash cut off.

-- One row an event of the streams `operators`, `ledger` and `configuration`; `content` is what it says in clear.
CREATE TABLE act (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  type TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX act_actor ON act (actor, position);

-- The newest that was seen of the human behind an actor; `details` are gone once that human was erased.
CREATE TABLE operator (
  alias TEXT PRIMARY KEY NOT NULL,
  actor TEXT NOT NULL,
  seen INTEGER NOT NULL,
  details TEXT,
  erased INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_actor ON operator (actor, seen);

-- The source that a cycle read, and when a cycle that never finished was closed.
ALTER TABLE cycle ADD COLUMN directory TEXT;
ALTER TABLE cycle ADD COLUMN interrupted INTEGER;
CREATE INDEX cycle_open ON cycle (last_position) WHERE last_position IS NULL;
