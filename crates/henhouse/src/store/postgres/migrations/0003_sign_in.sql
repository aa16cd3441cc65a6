-- From where a session began.
ALTER TABLE session ADD COLUMN address text COLLATE "C" NOT NULL DEFAULT '';
-- What waits for its second half, for minutes: a sign-in for its code, a passkey for its answer.
CREATE TABLE challenge (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    state      bytea NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX challenge_by_expiry ON challenge (expires_at);
