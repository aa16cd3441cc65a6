-- Alerts that programs sent, by their sender's key, so that what is sent again is found without a look into a journal.
CREATE TABLE alert_index (
    id      BLOB PRIMARY KEY CHECK (length(id) = 16),
    source  TEXT NOT NULL,
    key     BLOB NOT NULL CHECK (length(key) = 32),
    journal BLOB NOT NULL REFERENCES journal (id),
    opened  INTEGER NOT NULL,
    live    INTEGER NOT NULL,
    times   INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_by_key ON alert_index (source, key, id);
CREATE INDEX alert_by_source ON alert_index (source, id);
CREATE INDEX alert_by_case ON alert_index (journal, id);
