-- The tables of DatabaseStorage, for PostgreSQL and H2.
CREATE TABLE blobs (
    id VARCHAR(36) PRIMARY KEY,
    -- what the object is to be called; keys are kept as bytes of UTF-8, whose order no collation changes
    put_key BYTEA NOT NULL,
    -- the same once it is complete: null hides it from readers, and unique makes it create-only
    object_key BYTEA UNIQUE,
    size_bytes BIGINT,
    -- milliseconds since 1970: when the put began, and once it is complete, when it ended
    touched_at BIGINT NOT NULL
);

CREATE INDEX blobs_put_key ON blobs (put_key);

CREATE TABLE blob_chunks (
    blob_id VARCHAR(36) NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
    first_byte BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (blob_id, first_byte)
);
