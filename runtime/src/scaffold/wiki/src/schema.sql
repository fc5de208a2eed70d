CREATE TABLE IF NOT EXISTS pages (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL
) WITHOUT ROWID;

INSERT OR IGNORE INTO pages (name, text) VALUES ('FrontPage', 'This is the front page of a wiki.

A word that is made of several, such as AboutThisWiki, is a link to the page of that name. Where there is none, the link leads to a form that adds it.');
