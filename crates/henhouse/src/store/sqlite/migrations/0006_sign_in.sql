-- From where a session began.
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
-- What waits for its second half, for minutes: a sign-in for its code, a passkey for its answer.
CREATE TABLE challenge (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    state      BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX challenge_by_expiry ON challenge (expires_at);
