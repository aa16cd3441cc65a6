-- Passkeys, each by the hash of its id; what it signs with lies sealed beside whose it is.
CREATE TABLE passkey (
    hash   bytea PRIMARY KEY CHECK (length(hash) = 32),
    person text COLLATE "C" NOT NULL,
    state  bytea NOT NULL
);
CREATE INDEX passkey_by_person ON passkey (person, hash);
