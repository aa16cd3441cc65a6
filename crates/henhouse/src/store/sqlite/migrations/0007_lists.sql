-- Where many cases begin as they are looked for, a list is read in its order; how a number or a title begins stands in the
-- index too, so that a row is fetched only for a case that is shown.
DROP INDEX case_by_updated;
CREATE INDEX case_by_updated ON case_index
    (updated_at, journal, restricted, project, number_key, title_key);
