-- What few cases have is found without looking at all of them: how a number or a title begins, ...
CREATE INDEX case_by_number_key ON case_index (number_key);
CREATE INDEX case_by_title_key ON case_index (title_key) WHERE title_key IS NOT NULL;
-- ... and that somebody said what is harmed.
CREATE INDEX case_tagged ON case_index (updated_at, journal, restricted, project) WHERE tags <> '[]';
