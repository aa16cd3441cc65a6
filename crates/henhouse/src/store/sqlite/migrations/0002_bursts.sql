-- Reports that come in a burst: how a case came in, counted within a window, ...
ALTER TABLE case_index ADD COLUMN arrival TEXT NOT NULL DEFAULT 'known';
CREATE INDEX case_by_arrival ON case_index (project, arrival, opened_at) WHERE arrival <> 'known';
-- ... and what leaves together in one message.
ALTER TABLE outbox ADD COLUMN bundle BLOB CHECK (length(bundle) = 16);
CREATE INDEX outbox_by_bundle ON outbox (bundle) WHERE bundle IS NOT NULL;
-- Whom a delivery is for in the procedure's words, also where it is no person.
ALTER TABLE outbox ADD COLUMN recipient TEXT;
