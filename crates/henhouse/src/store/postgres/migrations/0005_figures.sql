-- What of a case counts among others, so that many are counted without a look into their journals.
ALTER TABLE case_index ADD COLUMN figures text COLLATE "C";
CREATE INDEX case_by_opening ON case_index (opened_at);
