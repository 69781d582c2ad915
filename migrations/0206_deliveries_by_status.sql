-- Deliveries of one status, or of one cycle, in the order of their decisions, without a walk over all of them.

CREATE INDEX delivery_status ON delivery (status);
CREATE INDEX delivery_cycle ON delivery (cycle) WHERE cycle IS NOT NULL;
