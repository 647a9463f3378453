create tabel broken.thing (id text);
