PRAGMA journal_mode = WAL;

-- Several processes may start at the same time.
BEGIN IMMEDIATE;

CREATE TABLE IF NOT EXISTS list (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
);
INSERT INTO list (one, revision) VALUES (1, 0) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS tasks (
    -- AUTOINCREMENT: the number of a task that was removed is not given to another one.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1))
);

COMMIT;
