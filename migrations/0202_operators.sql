-- What operators do with deliveries, and what `status` must know of a million of them without reading each.

-- When it became due: decided, let go by an operator, or found to be undone.
ALTER TABLE delivery ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
-- 1 as long as it may still be brought to TeamViewer, set aside or not; a person has one such delivery at most.
ALTER TABLE delivery ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
-- How often it failed, the word of the last failure and when; they stay once it is delivered.
ALTER TABLE delivery ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN failure TEXT;
ALTER TABLE delivery ADD COLUMN failed INTEGER;

DROP INDEX delivery_open;
CREATE INDEX delivery_open ON delivery (alias) WHERE open = 1;
-- The condition's columns stand in the indexes too: else SQLite reads each row to look at them again.
CREATE INDEX delivery_pending ON delivery (action, since, status) WHERE status = 'pending';
CREATE INDEX delivery_error ON delivery (error, open) WHERE open = 1 AND error IS NOT NULL;
CREATE INDEX delivery_ended ON delivery (ended, status) WHERE status = 'delivered';
CREATE INDEX delivery_cured ON delivery (decision) WHERE status = 'delivered' AND failure IS NOT NULL;
CREATE INDEX person_status ON person (status);

-- Since when, and by whom, calls are held back.
ALTER TABLE target ADD COLUMN paused INTEGER;
ALTER TABLE target ADD COLUMN paused_by TEXT;
ALTER TABLE target ADD COLUMN resumed INTEGER;
ALTER TABLE target ADD COLUMN circuit INTEGER;
ALTER TABLE target ADD COLUMN quarantined INTEGER;
