INSERT INTO entries (id, folder, name, text) VALUES
    (1, NULL, 'documents', NULL),
    (2, 1, 'letters', NULL),
    (3, 2, 'London', NULL),
    (4, 1, 'recipes', NULL),
    (5, 1, 'read me first', 'Every page has a path, and every path leads from folder to folder.

Where it leads to something that has no such name in it, the name may be that of a view: "edit" behind the path of a document is a form.'),
    (6, 3, 'to Theo', 'Dear Theo,

It rains, and the museum is free on Sundays.

Yours'),
    (7, 4, 'pancakes', 'Two eggs, a cup of flour, a cup of milk, a pinch of salt.

Stir, wait, fry.');
