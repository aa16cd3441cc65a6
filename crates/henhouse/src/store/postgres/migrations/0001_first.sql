-- Times are whole microseconds since 1970 (UTC). Words are compared byte by byte ("C"), as on SQLite.

-- The journals: the only truth. Nothing in these three tables ever changes or goes away.
CREATE TABLE journal (
    id         uuid PRIMARY KEY,
    kind       text COLLATE "C" NOT NULL CHECK (kind IN ('case', 'project', 'installation')),
    parent     uuid,
    created_at bigint NOT NULL
);
CREATE INDEX journal_by_kind ON journal (kind, id);

CREATE TABLE entry (
    journal     uuid NOT NULL REFERENCES journal (id),
    seq         bigint NOT NULL CHECK (seq > 0),
    recorded_at bigint NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    hash        bytea NOT NULL CHECK (length(hash) = 32),
    bytes       bytea NOT NULL,
    PRIMARY KEY (journal, seq)
);

CREATE TABLE basis (
    hash  bytea PRIMARY KEY CHECK (length(hash) = 32),
    bytes bytea NOT NULL
);

CREATE FUNCTION never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %: this never changes', TG_OP, TG_TABLE_NAME;
END
$$;
CREATE TRIGGER journal_is_fixed BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION never_changes();
CREATE TRIGGER journal_is_kept BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION never_changes();
CREATE TRIGGER entry_is_fixed BEFORE UPDATE OR DELETE ON entry
    FOR EACH ROW EXECUTE FUNCTION never_changes();
CREATE TRIGGER entry_is_kept BEFORE TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION never_changes();
CREATE TRIGGER basis_is_fixed BEFORE UPDATE OR DELETE ON basis
    FOR EACH ROW EXECUTE FUNCTION never_changes();
CREATE TRIGGER basis_is_kept BEFORE TRUNCATE ON basis
    FOR EACH STATEMENT EXECUTE FUNCTION never_changes();

-- Beside the journals: what the chain only commits to, and the keys for it. Can be erased.
CREATE TABLE sealed (
    journal    uuid NOT NULL,
    seq        bigint NOT NULL,
    commitment bytea NOT NULL CHECK (length(commitment) = 32),
    cipher     bytea NOT NULL,
    PRIMARY KEY (journal, commitment)
);
CREATE INDEX sealed_by_entry ON sealed (journal, seq, commitment);

CREATE TABLE journal_key (
    journal uuid PRIMARY KEY REFERENCES journal (id),
    wrapped bytea NOT NULL
);

-- The index: everything down to the counters can be made again from the journals. The program sees to
-- it that the journal is there; nothing here is checked twice.
CREATE TABLE case_index (
    journal    uuid PRIMARY KEY,
    prefix     text COLLATE "C" NOT NULL,
    n          bigint NOT NULL,
    project    uuid NOT NULL,
    title      bytea,
    readable   boolean NOT NULL, -- whether the title is a text and not a cipher
    status     text COLLATE "C" NOT NULL,
    phase      text COLLATE "C" NOT NULL,
    severity   text COLLATE "C",
    restricted boolean NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    arrival    text COLLATE "C" NOT NULL,
    tags       jsonb NOT NULL, -- a list of [property, client or null]
    opened_at  bigint NOT NULL,
    updated_at bigint NOT NULL,
    next_wake  bigint,
    seq        bigint NOT NULL,
    ic         text COLLATE "C",
    open       boolean NOT NULL,
    number_key text COLLATE "C" NOT NULL, -- folded, for prefixes
    title_key  text COLLATE "C",          -- folded, only of a readable title
    UNIQUE (prefix, n),
    CHECK (NOT (restricted AND (readable OR title_key IS NOT NULL)))
) WITH (fillfactor = 70);
CREATE INDEX case_by_updated ON case_index (updated_at, journal);
CREATE INDEX case_by_status ON case_index (status, updated_at, journal);
CREATE INDEX case_by_project ON case_index (project, updated_at, journal);
CREATE INDEX case_open ON case_index (updated_at, journal) WHERE open;
CREATE INDEX case_open_by_project ON case_index (project, updated_at, journal) WHERE open;
CREATE INDEX case_by_count ON case_index (n, journal);
CREATE INDEX case_by_wake ON case_index (next_wake, journal) WHERE next_wake IS NOT NULL;
CREATE INDEX case_restricted ON case_index (journal, project) WHERE restricted;
CREATE INDEX case_by_arrival ON case_index (project, arrival, opened_at) WHERE arrival <> 'known';

CREATE TABLE member (
    journal uuid NOT NULL,
    person  text COLLATE "C" NOT NULL,
    PRIMARY KEY (journal, person)
);
CREATE INDEX member_by_person ON member (person, journal);

CREATE TABLE search_document (
    number  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    journal uuid NOT NULL,
    seq     bigint NOT NULL,
    text    bytea NOT NULL,
    words   tsvector NOT NULL,
    UNIQUE (journal, seq)
);
CREATE INDEX search_by_words ON search_document USING gin (words);

CREATE TABLE exhibit_index (
    journal uuid NOT NULL,
    id      text COLLATE "C" NOT NULL,
    seq     bigint NOT NULL,
    sha256  bytea CHECK (length(sha256) = 32),
    size    bigint NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    erased  boolean NOT NULL,
    at      bigint NOT NULL,
    PRIMARY KEY (journal, id)
);
CREATE INDEX exhibit_by_bytes ON exhibit_index (sha256) WHERE sha256 IS NOT NULL;

CREATE TABLE project_index (
    journal  uuid PRIMARY KEY,
    slug     text COLLATE "C" NOT NULL UNIQUE,
    name     text COLLATE "C" NOT NULL,
    prefix   text COLLATE "C" NOT NULL,
    basis    bytea CHECK (length(basis) = 32),
    archived boolean NOT NULL,
    seq      bigint NOT NULL
);

CREATE TABLE counter (
    name  text COLLATE "C" PRIMARY KEY,
    value bigint NOT NULL
) WITH (fillfactor = 50);

-- The outbox. The fence grows with every lease.
CREATE TABLE outbox (
    notice      uuid PRIMARY KEY,
    journal     uuid NOT NULL,
    seq         bigint NOT NULL,
    person      text COLLATE "C",
    recipient   text COLLATE "C",
    bundle      uuid,
    route       text COLLATE "C" NOT NULL,
    lane        smallint NOT NULL CHECK (lane IN (0, 1)), -- 0 urgent, 1 ordinary
    form        text COLLATE "C" NOT NULL CHECK (form IN ('plain', 'cipher', 'erased')),
    message     bytea NOT NULL,
    state       text COLLATE "C" NOT NULL
        CHECK (state IN ('queued', 'leased', 'done', 'dropped', 'failed')),
    attempts    bigint NOT NULL,
    next_try    bigint NOT NULL,
    lease_until bigint,
    fence       bigint NOT NULL,
    CHECK ((state = 'leased') = (lease_until IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX outbox_queued ON outbox (lane, next_try, notice) WHERE state = 'queued';
CREATE INDEX outbox_leased ON outbox (lease_until) WHERE state = 'leased';
CREATE INDEX outbox_by_journal ON outbox (journal, seq, notice);
CREATE INDEX outbox_by_bundle ON outbox (bundle) WHERE bundle IS NOT NULL;

CREATE TABLE attempt (
    notice  uuid NOT NULL,
    n       bigint NOT NULL,
    at      bigint NOT NULL,
    outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('sent', 'failed', 'uncertain')),
    receipt bytea, -- a peer's words: any bytes of text
    PRIMARY KEY (notice, n)
);

-- Who may come in. Plain tables, in no journal.
CREATE TABLE account (
    person        text COLLATE "C" PRIMARY KEY,
    login         text COLLATE "C" NOT NULL,
    login_key     text COLLATE "C" NOT NULL UNIQUE, -- in small letters
    name          text COLLATE "C" NOT NULL,
    email         text COLLATE "C",
    role          text COLLATE "C" NOT NULL,
    password      text COLLATE "C",
    second_factor bytea,
    disabled      boolean NOT NULL,
    created_at    bigint NOT NULL
);

CREATE TABLE token (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    name       text COLLATE "C" NOT NULL,
    person     text COLLATE "C" NOT NULL,
    role       text COLLATE "C" NOT NULL,
    scopes     text[] COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint
);
CREATE INDEX token_by_person ON token (person, created_at, hash);

CREATE TABLE session (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    person     text COLLATE "C" NOT NULL,
    method     text COLLATE "C" NOT NULL,
    device     text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    seen_at    bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX session_by_person ON session (person, created_at, hash);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE idempotency (
    actor   text COLLATE "C" NOT NULL,
    key     text COLLATE "C" NOT NULL,
    command bytea NOT NULL CHECK (length(command) = 32),
    answer  bytea NOT NULL,
    at      bigint NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_by_time ON idempotency (at);

CREATE TABLE setting (
    name  text COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL
);

-- The processes that write, each with the last batch that it committed. The turn counts the batches of
-- all of them: who finds a turn that is not its own last one knows that others have written since.
CREATE TABLE writer (
    node  uuid PRIMARY KEY,
    batch bigint NOT NULL,
    turn  bigint NOT NULL
) WITH (fillfactor = 10);
