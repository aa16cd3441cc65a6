-- What a case harms and whose it is: a JSON list of [property, client or null].
ALTER TABLE case_index ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
