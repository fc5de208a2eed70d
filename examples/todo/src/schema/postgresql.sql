-- All of it is one transaction. Several processes may start at the same time: the second one waits here.
SELECT 1 FROM pg_advisory_xact_lock(hashtext('aiopyramid todo'));

CREATE TABLE IF NOT EXISTS list (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    revision BIGINT NOT NULL
);
INSERT INTO list (one, revision) VALUES (1, 0) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS tasks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title TEXT NOT NULL,
    -- Not BOOLEAN, which SQLite has not: so both give the same.
    done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1))
);
