-- Who is who, and the key that opens what the log holds about them. The one place that erasure empties.

CREATE TABLE subject (
  alias TEXT PRIMARY KEY NOT NULL,
  -- HMAC-SHA256 of the directory's object id under the secret named 'lookup': no object id stands here in clear.
  lookup BLOB NOT NULL UNIQUE CHECK (length(lookup) = 32),
  key BLOB NOT NULL CHECK (length(key) = 32),
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE secret (
  name TEXT PRIMARY KEY NOT NULL,
  value BLOB NOT NULL
) STRICT;
