-- Passkeys, each by the hash of its id; what it signs with lies sealed beside whose it is.
CREATE TABLE passkey (
    hash   BLOB PRIMARY KEY CHECK (length(hash) = 32),
    person TEXT NOT NULL,
    state  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_by_person ON passkey (person, hash);
