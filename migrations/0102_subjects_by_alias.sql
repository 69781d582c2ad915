-- Where a row stands, and when it was made, said in which order a directory had its people. Rows now stand by their random
-- aliases alone.
CREATE TABLE subject_by_alias (
  alias TEXT PRIMARY KEY NOT NULL,
  -- HMAC-SHA256 of the directory's object id under the secret named 'lookup': no object id stands here in clear.
  lookup BLOB NOT NULL UNIQUE CHECK (length(lookup) = 32),
  -- Nonce, 32 bytes encrypted with AES-256-GCM under the master key and bound to the alias, tag.
  key BLOB NOT NULL CHECK (length(key) = 60)
) STRICT, WITHOUT ROWID;

INSERT INTO subject_by_alias SELECT alias, lookup, key FROM subject ORDER BY alias;
DROP TABLE subject;
ALTER TABLE subject_by_alias RENAME TO subject;
