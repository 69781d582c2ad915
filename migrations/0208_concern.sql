-- What a cycle over changes asks, so that it reads nobody whom it does not concern.

-- The source that owns the person; NULL for nobody.
ALTER TABLE person ADD COLUMN source TEXT;
-- 1 where the newest decision wants an active account.
ALTER TABLE person ADD COLUMN active INTEGER NOT NULL DEFAULT 0;
-- 2 where every cycle looks at the person, 1 where one does in which somebody is to have another address, else NULL: then
-- the address that the person is to have is `user_name`.
ALTER TABLE person ADD COLUMN concern INTEGER;
-- Who was erased is among nobody's people. The condition's column stands in the index, so that counts read no row.
CREATE INDEX person_source ON person (source, active, status) WHERE source IS NOT NULL AND status <> 'erased';
CREATE INDEX person_concern ON person (concern) WHERE concern IS NOT NULL;
