-- Alerts that programs sent, by their sender's key, so that what is sent again is found without a look into a journal.
CREATE TABLE alert_index (
    id      uuid PRIMARY KEY,
    source  text COLLATE "C" NOT NULL,
    key     bytea NOT NULL CHECK (length(key) = 32),
    journal uuid NOT NULL REFERENCES journal (id),
    opened  boolean NOT NULL,
    live    boolean NOT NULL,
    times   bigint NOT NULL,
    last_at bigint NOT NULL
);
CREATE INDEX alert_by_key ON alert_index (source, key, id);
CREATE INDEX alert_by_source ON alert_index (source, id);
CREATE INDEX alert_by_case ON alert_index (journal, id);
