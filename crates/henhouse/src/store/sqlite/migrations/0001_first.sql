-- Times are whole microseconds since 1970 (UTC). Ids are 16 bytes, hashes 32.

-- The journals: the only truth. Nothing in these three tables ever changes or goes away.
CREATE TABLE journal (
    id         BLOB PRIMARY KEY CHECK (length(id) = 16),
    kind       TEXT NOT NULL CHECK (kind IN ('case', 'project', 'installation')),
    parent     BLOB CHECK (length(parent) = 16),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    position    INTEGER PRIMARY KEY,
    journal     BLOB NOT NULL REFERENCES journal (id),
    seq         INTEGER NOT NULL CHECK (seq > 0),
    recorded_at INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    bytes       BLOB NOT NULL,
    UNIQUE (journal, seq)
) STRICT;

CREATE TABLE basis (
    hash  BLOB PRIMARY KEY CHECK (length(hash) = 32),
    bytes BLOB NOT NULL
) STRICT;

CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'a journal is never deleted'); END;
CREATE TRIGGER journal_is_fixed BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'a journal never changes'); END;
CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'an entry is never deleted'); END;
CREATE TRIGGER entry_is_fixed BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'an entry never changes'); END;
CREATE TRIGGER basis_is_kept BEFORE DELETE ON basis
BEGIN SELECT raise(ABORT, 'a basis is never deleted'); END;
CREATE TRIGGER basis_is_fixed BEFORE UPDATE ON basis
BEGIN SELECT raise(ABORT, 'a basis never changes'); END;

-- Beside the journals: what the chain only commits to, and the keys for it. Can be erased.
CREATE TABLE sealed (
    journal    BLOB NOT NULL REFERENCES journal (id),
    seq        INTEGER NOT NULL,
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    cipher     BLOB NOT NULL,
    PRIMARY KEY (journal, seq, commitment)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sealed_by_commitment ON sealed (journal, commitment);

CREATE TABLE journal_key (
    journal BLOB PRIMARY KEY REFERENCES journal (id),
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The index: everything down to the counters can be made again from the journals.
CREATE TABLE case_index (
    journal    BLOB PRIMARY KEY REFERENCES journal (id),
    prefix     TEXT NOT NULL,
    n          INTEGER NOT NULL,
    project    BLOB NOT NULL CHECK (length(project) = 16),
    title      ANY, -- text: readable; blob: encrypted
    status     TEXT NOT NULL,
    phase      TEXT NOT NULL,
    severity   TEXT,
    restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
    kind       TEXT NOT NULL,
    opened_at  INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    next_wake  INTEGER,
    seq        INTEGER NOT NULL,
    ic         TEXT,
    open       INTEGER NOT NULL CHECK (open IN (0, 1)),
    number_key TEXT NOT NULL, -- folded, for prefixes
    title_key  TEXT,          -- folded, only of a readable title
    UNIQUE (prefix, n),
    CHECK (NOT restricted OR (typeof(title) <> 'text' AND title_key IS NULL))
) STRICT;
-- The last columns of some say who may see a row, so that a list can be counted from the index alone.
CREATE INDEX case_by_updated ON case_index (updated_at, journal, restricted, project);
CREATE INDEX case_by_status ON case_index (status, updated_at, journal, restricted, project);
CREATE INDEX case_by_project ON case_index (project, updated_at, journal);
CREATE INDEX case_open ON case_index (updated_at, journal, restricted, project) WHERE open = 1;
CREATE INDEX case_open_by_project ON case_index (project, updated_at, journal) WHERE open = 1;
CREATE INDEX case_by_count ON case_index (n, journal);
CREATE INDEX case_by_wake ON case_index (next_wake, journal) WHERE next_wake IS NOT NULL;
CREATE INDEX case_restricted ON case_index (journal, project) WHERE restricted = 1;

CREATE TABLE member (
    journal BLOB NOT NULL REFERENCES journal (id),
    person  TEXT NOT NULL,
    PRIMARY KEY (journal, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_by_person ON member (person, journal);

CREATE TABLE search_document (
    number  INTEGER PRIMARY KEY,
    journal BLOB NOT NULL REFERENCES journal (id),
    seq     INTEGER NOT NULL,
    UNIQUE (journal, seq)
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
    text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
-- What is removed is removed at once, not only marked as removed.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

CREATE TABLE exhibit_index (
    journal BLOB NOT NULL REFERENCES journal (id),
    id      TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    sha256  BLOB CHECK (length(sha256) = 32),
    size    INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    erased  INTEGER NOT NULL CHECK (erased IN (0, 1)),
    at      INTEGER NOT NULL,
    PRIMARY KEY (journal, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX exhibit_by_bytes ON exhibit_index (sha256) WHERE sha256 IS NOT NULL;

CREATE TABLE project_index (
    journal  BLOB PRIMARY KEY REFERENCES journal (id),
    slug     TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    prefix   TEXT NOT NULL,
    basis    BLOB CHECK (length(basis) = 32),
    archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
    seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The outbox. The fence grows with every lease.
CREATE TABLE outbox (
    notice      BLOB PRIMARY KEY CHECK (length(notice) = 16),
    journal     BLOB NOT NULL REFERENCES journal (id),
    seq         INTEGER NOT NULL,
    person      TEXT,
    route       TEXT NOT NULL,
    lane        INTEGER NOT NULL CHECK (lane IN (0, 1)), -- 0 urgent, 1 ordinary
    form        TEXT NOT NULL CHECK (form IN ('plain', 'cipher', 'erased')),
    message     BLOB NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'done', 'dropped', 'failed')),
    attempts    INTEGER NOT NULL,
    next_try    INTEGER NOT NULL,
    lease_until INTEGER,
    fence       INTEGER NOT NULL,
    CHECK ((state = 'leased') = (lease_until IS NOT NULL))
) STRICT;
CREATE INDEX outbox_queued ON outbox (lane, next_try, notice) WHERE state = 'queued';
CREATE INDEX outbox_leased ON outbox (lease_until) WHERE state = 'leased';
CREATE INDEX outbox_by_journal ON outbox (journal, seq, notice);

CREATE TABLE attempt (
    notice  BLOB NOT NULL REFERENCES outbox (notice),
    n       INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'failed', 'uncertain')),
    receipt TEXT,
    PRIMARY KEY (notice, n)
) STRICT, WITHOUT ROWID;

-- Who may come in. Plain tables, in no journal.
CREATE TABLE account (
    person        TEXT PRIMARY KEY,
    login         TEXT NOT NULL,
    login_key     TEXT NOT NULL UNIQUE, -- in small letters
    name          TEXT NOT NULL,
    email         TEXT,
    role          TEXT NOT NULL,
    password      TEXT,
    second_factor BLOB,
    disabled      INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    name       TEXT NOT NULL,
    person     TEXT NOT NULL,
    role       TEXT NOT NULL,
    scopes     TEXT NOT NULL, -- a JSON list
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX token_by_person ON token (person, created_at, hash);

CREATE TABLE session (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    person     TEXT NOT NULL,
    method     TEXT NOT NULL,
    device     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person, created_at, hash);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE idempotency (
    actor   TEXT NOT NULL,
    key     TEXT NOT NULL,
    command BLOB NOT NULL CHECK (length(command) = 32),
    answer  BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (at);

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
