-- Who is who, and the key that opens what the log holds about them. The one place that erasure empties.

-- Which master key wraps the keys below, and where it was last put. The id is a keyed hash: it tells a wrong master key
-- from damage, and leads nowhere.
CREATE TABLE master (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  key_id TEXT NOT NULL CHECK (length(key_id) = 32),
  place TEXT NOT NULL
) STRICT;

-- A wrapped key: nonce, 32 bytes encrypted with AES-256-GCM under the master key and bound to the row's name, tag.
CREATE TABLE subject (
  alias TEXT PRIMARY KEY NOT NULL,
  -- HMAC-SHA256 of the directory's object id under the secret named 'lookup': no object id stands here in clear.
  lookup BLOB NOT NULL UNIQUE CHECK (length(lookup) = 32),
  key BLOB NOT NULL CHECK (length(key) = 60),
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE secret (
  name TEXT PRIMARY KEY NOT NULL,
  value BLOB NOT NULL CHECK (length(value) = 60)
) STRICT;

-- The log position up to which every erasure has been carried out, here and in the views.
CREATE TABLE erasure (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
) STRICT;
INSERT INTO erasure VALUES (1, 0);
