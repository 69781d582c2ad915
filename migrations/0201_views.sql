-- What is derived from the log: delete the file and it comes back. Holds values in clear, so it is as private as the directory.

CREATE TABLE checkpoint (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
) STRICT;
INSERT INTO checkpoint VALUES (1, 0);

-- People: `state` is the whole person, the other columns are for finding them.
CREATE TABLE person (
  alias TEXT PRIMARY KEY NOT NULL,
  object_id TEXT,
  user_principal_name TEXT,
  display_name TEXT,
  user_name TEXT,
  account_id TEXT,
  directory TEXT NOT NULL,
  status TEXT NOT NULL,
  -- When a legal hold was placed, while it lasts.
  held INTEGER,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX person_held ON person (held) WHERE held IS NOT NULL;
CREATE INDEX person_object ON person (object_id);
CREATE INDEX person_principal ON person (user_principal_name);
CREATE INDEX person_user_name ON person (user_name);
CREATE INDEX person_account ON person (lower(account_id));

-- One row a decision: what became of it.
CREATE TABLE delivery (
  decision INTEGER PRIMARY KEY,
  alias TEXT NOT NULL,
  cycle TEXT,
  decided INTEGER NOT NULL,
  action TEXT NOT NULL,
  reason TEXT NOT NULL,
  status TEXT NOT NULL,
  how TEXT,
  ended INTEGER,
  calls INTEGER NOT NULL DEFAULT 0,
  milliseconds INTEGER NOT NULL DEFAULT 0,
  http_status INTEGER,
  error TEXT,
  detail TEXT,
  retry INTEGER,
  changes TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_person ON delivery (alias, decision);
CREATE INDEX delivery_open ON delivery (alias) WHERE status IN ('pending', 'parked', 'abandoned');

CREATE TABLE cycle (
  id TEXT PRIMARY KEY NOT NULL,
  source TEXT NOT NULL,
  initial INTEGER NOT NULL,
  started INTEGER NOT NULL,
  first_position INTEGER NOT NULL,
  last_position INTEGER,
  counts TEXT,
  delta_link TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX cycle_position ON cycle (first_position);

CREATE TABLE safeguard (
  id TEXT PRIMARY KEY NOT NULL,
  cycle TEXT NOT NULL,
  tripped INTEGER NOT NULL,
  people INTEGER NOT NULL,
  trips_above INTEGER NOT NULL,
  active INTEGER NOT NULL,
  approved INTEGER,
  approved_by TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE target (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  condition TEXT NOT NULL,
  last_good_call INTEGER,
  last_fault INTEGER,
  calls INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO target (id, condition) VALUES (1, '{}');

CREATE TABLE configuration (
  position INTEGER PRIMARY KEY,
  applied INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
