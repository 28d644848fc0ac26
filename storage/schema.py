"""The tables of the archive, made and changed by numbered migrations."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from storage import seals

#: "Amtb": in the header of every archive, so that another program's database is recognised.
APPLICATION_ID = 0x416D7462

SCHEMA = Migrations("amtsblick")


#: The number of migrations; it stands as ``user_version`` in the header.
VERSION = 8


@SCHEMA()
def v1_first_archive(db: Database) -> None:
    """Captures, readings, versions, what detection remembers, what was told and what is to be sent."""
    db.executescript(_V1)


@SCHEMA()
def v2_what_ticks(db: Database) -> None:
    """What a source's pages show that changes by itself."""
    db.execute("ALTER TABLE source_state ADD COLUMN ticking TEXT NOT NULL DEFAULT '[]'")


@SCHEMA()
def v3_recipients(db: Database) -> None:
    """Who reads what beside the config, and a plain notice beside a message that its server would not take."""
    db.executescript(_V3)


@SCHEMA()
def v4_held_round_the_text(db: Database) -> None:
    """Find what was held about the text beside one page without reading all that was ever held."""
    db.execute("CREATE INDEX held_around ON held (source, uri) WHERE rule GLOB 'around-text*'")


@SCHEMA()
def v5_keeping(db: Database) -> None:
    """A short index of digests, one index of looks instead of two, and an index of the words of all texts.

    The last is filled by the next opening for writing (storage.search).
    """
    db.executescript(_V5)


@SCHEMA()
def v6_proof(db: Database) -> None:
    """A seal in every row; what was erased, by whom and why; what must not be erased; an archive that has retired."""
    db.executescript(_V6)
    seals.add(db)


@SCHEMA()
def v7_imported(db: Database) -> None:
    """What was taken in from other archives: which crawls, from where, and what waits for the rest of it."""
    db.executescript(_V7)
    seals.add(db)


@SCHEMA()
def v8_held_since(db: Database) -> None:
    """Find what was held about the text beside one page since that text was new, however much was held before."""
    db.execute("DROP INDEX held_around")
    db.execute("CREATE INDEX held_around ON held (source, uri, crawl_id) WHERE rule GLOB 'around-text*'")


_V1 = """
CREATE TABLE archive (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    installation_id TEXT NOT NULL
) STRICT;
INSERT INTO archive VALUES (1, lower(hex(randomblob(16))));

CREATE TABLE resource (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    size INTEGER NOT NULL,
    coding INTEGER NOT NULL,
    base INTEGER REFERENCES content,
    data BLOB
) STRICT;

CREATE TABLE crawl (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    config TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    exhausted INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    detected INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX crawl_by_source ON crawl (source, id);
CREATE INDEX crawl_undetected ON crawl (id) WHERE detected = 0;

CREATE TABLE reading (
    id INTEGER PRIMARY KEY,
    content INTEGER NOT NULL UNIQUE REFERENCES content,
    text_digest BLOB NOT NULL,
    frame_digest BLOB NOT NULL,
    extractor TEXT NOT NULL,
    extractor_version TEXT NOT NULL
) STRICT;

CREATE TABLE capture (
    id INTEGER PRIMARY KEY,
    crawl_id INTEGER NOT NULL REFERENCES crawl,
    resource INTEGER NOT NULL REFERENCES resource,
    uri TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    request INTEGER NOT NULL REFERENCES content,
    head INTEGER NOT NULL REFERENCES content,
    payload INTEGER REFERENCES content,
    status INTEGER,
    peer TEXT NOT NULL,
    elapsed_ms INTEGER NOT NULL,
    location TEXT,
    hop_of INTEGER REFERENCES capture,
    revisit_of INTEGER REFERENCES capture,
    probe INTEGER NOT NULL,
    linked_from TEXT,
    depth INTEGER NOT NULL,
    is_document INTEGER NOT NULL,
    label TEXT NOT NULL,
    error TEXT NOT NULL,
    chain BLOB NOT NULL,
    outcome TEXT,
    rule TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    member INTEGER NOT NULL DEFAULT 1,
    reading INTEGER REFERENCES reading,
    version_id INTEGER REFERENCES version
) STRICT;
CREATE INDEX capture_by_address ON capture (resource, captured_at);
CREATE INDEX capture_good ON capture (resource, captured_at) WHERE version_id IS NOT NULL;
CREATE INDEX capture_by_crawl ON capture (crawl_id);
CREATE INDEX capture_hop ON capture (hop_of) WHERE hop_of IS NOT NULL;
CREATE INDEX capture_unread ON capture (crawl_id) WHERE outcome IS NULL;

CREATE TRIGGER capture_stays BEFORE UPDATE OF
    id, crawl_id, resource, uri, captured_at, request, head, payload, status, peer, elapsed_ms, location,
    hop_of, revisit_of, probe, linked_from, depth, is_document, label, error, chain
    ON capture BEGIN SELECT raise(ABORT, 'a capture is never altered'); END;
CREATE TRIGGER capture_kept BEFORE DELETE
    ON capture BEGIN SELECT raise(ABORT, 'a capture is never deleted'); END;

CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    resource INTEGER NOT NULL REFERENCES resource,
    uri TEXT NOT NULL,
    text_digest BLOB NOT NULL,
    since TEXT NOT NULL,
    first_capture INTEGER NOT NULL REFERENCES capture,
    reading INTEGER NOT NULL REFERENCES reading
) STRICT;
CREATE INDEX version_by_address ON version (resource, since);

CREATE TABLE source_state (
    name TEXT PRIMARY KEY,
    start TEXT NOT NULL,
    scope TEXT NOT NULL,
    match TEXT NOT NULL,
    baseline_crawl INTEGER REFERENCES crawl,
    blind_since TEXT,
    last_full_at TEXT,
    shared TEXT NOT NULL
) STRICT;

CREATE TABLE watch (
    source TEXT NOT NULL,
    address TEXT NOT NULL,
    uri TEXT NOT NULL,
    role TEXT NOT NULL,
    first_crawl INTEGER NOT NULL REFERENCES crawl,
    standing TEXT NOT NULL,
    missing_since TEXT,
    doubt TEXT NOT NULL,
    moved_to TEXT,
    changed_looks INTEGER NOT NULL,
    muted INTEGER NOT NULL,
    label TEXT NOT NULL,
    linked_from TEXT NOT NULL,
    depth INTEGER NOT NULL,
    told INTEGER NOT NULL,
    held_version INTEGER REFERENCES version,
    PRIMARY KEY (source, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    text TEXT NOT NULL,
    text_digest TEXT NOT NULL,
    uris TEXT NOT NULL,
    peak_pages INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    lifted_at TEXT,
    replaced_by TEXT
) STRICT;

CREATE TABLE seminar (
    id TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    number INTEGER,
    year INTEGER,
    title TEXT NOT NULL,
    start TEXT,
    end TEXT,
    city TEXT,
    state TEXT NOT NULL,
    substitute TEXT NOT NULL,
    quote TEXT NOT NULL,
    uri TEXT NOT NULL,
    mentions TEXT NOT NULL,
    conflicts TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL
) STRICT;

CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    uri TEXT NOT NULL,
    uris TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    minor INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    facts TEXT NOT NULL,
    detected_at TEXT NOT NULL,
    observed_at TEXT NOT NULL,
    crawl_id INTEGER NOT NULL REFERENCES crawl,
    importance INTEGER NOT NULL,
    reason TEXT NOT NULL,
    version_before INTEGER REFERENCES version,
    version_after INTEGER REFERENCES version,
    source_ids TEXT NOT NULL,
    imported INTEGER NOT NULL
) STRICT;
CREATE INDEX change_by_crawl ON change (crawl_id);

CREATE TABLE held (
    id INTEGER PRIMARY KEY,
    crawl_id INTEGER NOT NULL REFERENCES crawl,
    source TEXT NOT NULL,
    uri TEXT NOT NULL,
    rule TEXT NOT NULL,
    detail TEXT NOT NULL,
    "into" TEXT NOT NULL
) STRICT;
CREATE INDEX held_by_crawl ON held (crawl_id);

CREATE TABLE subscription (
    name TEXT PRIMARY KEY,
    told_through INTEGER NOT NULL,
    last_digest_at TEXT,
    last_slot TEXT,
    since TEXT NOT NULL
) STRICT;

CREATE TABLE digest (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    kind TEXT NOT NULL,
    after INTEGER NOT NULL,
    through INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    slot TEXT,
    change_ids TEXT NOT NULL,
    subject TEXT NOT NULL,
    body INTEGER NOT NULL REFERENCES content
) STRICT;

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest INTEGER NOT NULL REFERENCES digest,
    recipient TEXT NOT NULL,
    envelope_from TEXT NOT NULL,
    message_id TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES content,
    html INTEGER NOT NULL REFERENCES content,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    next_at TEXT,
    lease_until TEXT,
    last_answer TEXT NOT NULL DEFAULT '',
    sent_at TEXT,
    updated_at TEXT NOT NULL,
    UNIQUE (digest, recipient)
) STRICT;
CREATE INDEX delivery_open ON delivery (id) WHERE state IN ('queued', 'deferred', 'sending');

CREATE TABLE slot (
    job TEXT NOT NULL,
    slot TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    PRIMARY KEY (job, slot)
) STRICT, WITHOUT ROWID;
"""

# The delivery table is made anew: SQLite cannot widen a UNIQUE constraint (https://sqlite.org/lang_altertable.html §7).
_V3 = """
CREATE TABLE recipient (
    id INTEGER PRIMARY KEY,
    subscription TEXT NOT NULL,
    salt BLOB NOT NULL,
    person BLOB NOT NULL CHECK (length(person) = 32),
    address TEXT,
    state TEXT NOT NULL,
    paused_until TEXT,
    since TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    UNIQUE (subscription, person)
) STRICT;

CREATE TABLE delivery_v3 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest INTEGER NOT NULL REFERENCES digest,
    recipient TEXT NOT NULL,
    part TEXT NOT NULL,
    envelope_from TEXT NOT NULL,
    message_id TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES content,
    html INTEGER NOT NULL REFERENCES content,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    next_at TEXT,
    lease_until TEXT,
    last_answer TEXT NOT NULL DEFAULT '',
    sent_at TEXT,
    updated_at TEXT NOT NULL,
    purged_at TEXT,
    UNIQUE (digest, recipient, part)
) STRICT;
INSERT INTO delivery_v3
    SELECT id, digest, recipient, 'message', envelope_from, message_id, message, html, state, attempts, created_at,
        next_at, lease_until, last_answer, sent_at, updated_at, NULL
    FROM delivery;
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'delivery_v3', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'delivery_v3');
UPDATE sqlite_sequence SET seq = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'delivery'), 0)
    WHERE name = 'delivery_v3';
DROP TABLE delivery;
ALTER TABLE delivery_v3 RENAME TO delivery;
CREATE INDEX delivery_open ON delivery (id) WHERE state IN ('queued', 'deferred', 'sending');
CREATE INDEX delivery_kept ON delivery (updated_at) WHERE purged_at IS NULL;
"""

# A digest is looked up by its first six bytes: with 32 of them, a tenth of an archive of small rows was this index. Two
# rows are then kept apart by the writer alone (storage.payloads). The table is made anew since SQLite cannot take a
# UNIQUE from a column; nothing checks foreign keys meanwhile (storage.opening).
# One index of looks by address serves for the good ones too: version_id stands in it, so that others are passed over
# without reading their rows.
# reading.searched: 1 in the index, 0 not, NULL not looked at yet. The index keeps which words a reading has and
# nothing else: no second copy of the text and no places (docs/adr/0015). Its words are made by
# extractors.find, and the ascii tokenizer takes them as they are.
_V5 = """
CREATE TABLE content_v5 (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    size INTEGER NOT NULL,
    coding INTEGER NOT NULL,
    base INTEGER REFERENCES content,
    data BLOB
) STRICT;
INSERT INTO content_v5 SELECT id, digest, size, coding, base, data FROM content;
DROP TABLE content;
ALTER TABLE content_v5 RENAME TO content;
CREATE INDEX content_by_digest ON content (substr(digest, 1, 6));

DROP INDEX capture_good;
DROP INDEX capture_by_address;
CREATE INDEX capture_by_address ON capture (resource, captured_at, version_id);

ALTER TABLE reading ADD COLUMN searched INTEGER;
CREATE INDEX reading_unsearched ON reading (id) WHERE searched IS NULL;
CREATE INDEX version_by_reading ON version (reading);
CREATE VIRTUAL TABLE search USING fts5(words, content='', detail=none, tokenize='ascii');
INSERT INTO search (search, rank) VALUES ('usermerge', 2);
CREATE VIRTUAL TABLE search_word USING fts5vocab(search, 'row');
CREATE VIRTUAL TABLE search_place USING fts5vocab(search, 'instance');
"""

_V6 = """
ALTER TABLE resource ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;
UPDATE resource SET looks = (SELECT count(*) FROM capture c WHERE c.resource = resource.id);
ALTER TABLE archive ADD COLUMN retired_at TEXT;
ALTER TABLE archive ADD COLUMN retired_for TEXT NOT NULL DEFAULT '';
ALTER TABLE archive ADD COLUMN migrations BLOB;

CREATE TABLE erasure (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    erased_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    basis TEXT NOT NULL,
    payloads INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    cleaned INTEGER NOT NULL,
    seal BLOB
) STRICT;

CREATE TABLE erased (
    content INTEGER PRIMARY KEY REFERENCES content,
    erasure INTEGER NOT NULL REFERENCES erasure,
    seal BLOB
) STRICT;

CREATE TABLE redacted (
    capture INTEGER PRIMARY KEY REFERENCES capture,
    erasure INTEGER NOT NULL REFERENCES erasure,
    seal BLOB
) STRICT;

CREATE TABLE hold (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    since TEXT NOT NULL,
    lifted_at TEXT,
    seal BLOB
) STRICT;
"""

_V7 = """
ALTER TABLE crawl ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
ALTER TABLE change ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
UPDATE crawl SET seal = NULL;
UPDATE change SET seal = NULL;
CREATE INDEX crawl_imported ON crawl (id) WHERE imported = 1;

CREATE TABLE provenance (
    capture INTEGER NOT NULL REFERENCES capture,
    archive TEXT NOT NULL,
    record TEXT NOT NULL,
    digest TEXT NOT NULL,
    seal BLOB,
    PRIMARY KEY (capture, archive, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX provenance_digest ON provenance (digest);

CREATE TABLE unresolved (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    config TEXT NOT NULL,
    uri TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    head BLOB NOT NULL,
    status INTEGER,
    digest TEXT NOT NULL,
    archive TEXT NOT NULL,
    record TEXT NOT NULL,
    seal BLOB,
    UNIQUE (archive, record)
) STRICT;
CREATE INDEX unresolved_digest ON unresolved (digest);
"""
