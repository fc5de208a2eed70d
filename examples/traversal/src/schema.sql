CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY,
    folder INTEGER REFERENCES entries (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    text TEXT,
    UNIQUE (folder, name)
);
