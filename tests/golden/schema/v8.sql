PRAGMA application_id = 1097692258;
PRAGMA user_version = 8;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'amtsblick','v1_first_archive','2026-01-05 06:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'amtsblick','v2_what_ticks','2026-01-05 06:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'amtsblick','v3_recipients','2026-01-05 06:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'amtsblick','v4_held_round_the_text','2026-01-05 06:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'amtsblick','v5_keeping','2026-01-05 06:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'amtsblick','v6_proof','2026-01-05 06:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'amtsblick','v7_imported','2026-01-05 06:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'amtsblick','v8_held_since','2026-01-05 06:00:00.000000+00:00');
CREATE TABLE archive (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    installation_id TEXT NOT NULL
, retired_at TEXT, retired_for TEXT NOT NULL DEFAULT '', migrations BLOB, seal BLOB) STRICT;
INSERT INTO "archive" VALUES(1,'00000000000000000000000000000000',NULL,'',X'0000000000000000',X'EA0B9E012450EE79');
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
, seal BLOB) STRICT;
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
, seal BLOB, withdrawn INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE "content" (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    size INTEGER NOT NULL,
    coding INTEGER NOT NULL,
    base INTEGER REFERENCES content,
    data BLOB
, seal BLOB) STRICT;
CREATE TABLE crawl (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    config TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    exhausted INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    detected INTEGER NOT NULL DEFAULT 0
, seal BLOB, imported INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE "delivery" (
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
    purged_at TEXT, seal BLOB,
    UNIQUE (digest, recipient, part)
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
, seal BLOB) STRICT;
CREATE TABLE erased (
    content INTEGER PRIMARY KEY REFERENCES content,
    erasure INTEGER NOT NULL REFERENCES erasure,
    seal BLOB
) STRICT;
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
CREATE TABLE held (
    id INTEGER PRIMARY KEY,
    crawl_id INTEGER NOT NULL REFERENCES crawl,
    source TEXT NOT NULL,
    uri TEXT NOT NULL,
    rule TEXT NOT NULL,
    detail TEXT NOT NULL,
    "into" TEXT NOT NULL
, seal BLOB) STRICT;
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
, seal BLOB) STRICT;
CREATE TABLE provenance (
    capture INTEGER NOT NULL REFERENCES capture,
    archive TEXT NOT NULL,
    record TEXT NOT NULL,
    digest TEXT NOT NULL,
    seal BLOB,
    PRIMARY KEY (capture, archive, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE reading (
    id INTEGER PRIMARY KEY,
    content INTEGER NOT NULL UNIQUE REFERENCES content,
    text_digest BLOB NOT NULL,
    frame_digest BLOB NOT NULL,
    extractor TEXT NOT NULL,
    extractor_version TEXT NOT NULL
, searched INTEGER, seal BLOB) STRICT;
CREATE TABLE recipient (
    id INTEGER PRIMARY KEY,
    subscription TEXT NOT NULL,
    salt BLOB NOT NULL,
    person BLOB NOT NULL CHECK (length(person) = 32),
    address TEXT,
    state TEXT NOT NULL,
    paused_until TEXT,
    since TEXT NOT NULL,
    changed_at TEXT NOT NULL, seal BLOB,
    UNIQUE (subscription, person)
) STRICT;
CREATE TABLE redacted (
    capture INTEGER PRIMARY KEY REFERENCES capture,
    erasure INTEGER NOT NULL REFERENCES erasure,
    seal BLOB
) STRICT;
CREATE TABLE resource (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE
, looks INTEGER NOT NULL DEFAULT 0, seal BLOB) STRICT;
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
, seal BLOB) STRICT;
CREATE TABLE slot (
    job TEXT NOT NULL,
    slot TEXT NOT NULL,
    claimed_at TEXT NOT NULL, seal BLOB,
    PRIMARY KEY (job, slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE source_state (
    name TEXT PRIMARY KEY,
    start TEXT NOT NULL,
    scope TEXT NOT NULL,
    match TEXT NOT NULL,
    baseline_crawl INTEGER REFERENCES crawl,
    blind_since TEXT,
    last_full_at TEXT,
    shared TEXT NOT NULL
, ticking TEXT NOT NULL DEFAULT '[]', seal BLOB) STRICT;
CREATE TABLE subscription (
    name TEXT PRIMARY KEY,
    told_through INTEGER NOT NULL,
    last_digest_at TEXT,
    last_slot TEXT,
    since TEXT NOT NULL
, seal BLOB) STRICT;
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
CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    resource INTEGER NOT NULL REFERENCES resource,
    uri TEXT NOT NULL,
    text_digest BLOB NOT NULL,
    since TEXT NOT NULL,
    first_capture INTEGER NOT NULL REFERENCES capture,
    reading INTEGER NOT NULL REFERENCES reading
, seal BLOB) STRICT;
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
    held_version INTEGER REFERENCES version, seal BLOB,
    PRIMARY KEY (source, address)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX crawl_by_source ON crawl (source, id);
CREATE INDEX crawl_undetected ON crawl (id) WHERE detected = 0;
CREATE INDEX capture_by_crawl ON capture (crawl_id);
CREATE INDEX capture_hop ON capture (hop_of) WHERE hop_of IS NOT NULL;
CREATE INDEX capture_unread ON capture (crawl_id) WHERE outcome IS NULL;
CREATE TRIGGER capture_stays BEFORE UPDATE OF
    id, crawl_id, resource, uri, captured_at, request, head, payload, status, peer, elapsed_ms, location,
    hop_of, revisit_of, probe, linked_from, depth, is_document, label, error, chain
    ON capture BEGIN SELECT raise(ABORT, 'a capture is never altered'); END;
CREATE TRIGGER capture_kept BEFORE DELETE
    ON capture BEGIN SELECT raise(ABORT, 'a capture is never deleted'); END;
CREATE INDEX version_by_address ON version (resource, since);
CREATE INDEX change_by_crawl ON change (crawl_id);
CREATE INDEX held_by_crawl ON held (crawl_id);
CREATE INDEX delivery_open ON delivery (id) WHERE state IN ('queued', 'deferred', 'sending');
CREATE INDEX delivery_kept ON delivery (updated_at) WHERE purged_at IS NULL;
CREATE INDEX content_by_digest ON content (substr(digest, 1, 6));
CREATE INDEX capture_by_address ON capture (resource, captured_at, version_id);
CREATE INDEX reading_unsearched ON reading (id) WHERE searched IS NULL;
CREATE INDEX version_by_reading ON version (reading);
CREATE INDEX crawl_imported ON crawl (id) WHERE imported = 1;
CREATE INDEX provenance_digest ON provenance (digest);
CREATE INDEX unresolved_digest ON unresolved (digest);
CREATE INDEX held_around ON held (source, uri, crawl_id) WHERE rule GLOB 'around-text*';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('delivery',0);
CREATE VIRTUAL TABLE search USING fts5(words, content='', detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE search_word USING fts5vocab(search, 'row');
CREATE VIRTUAL TABLE search_place USING fts5vocab(search, 'instance');
COMMIT;
