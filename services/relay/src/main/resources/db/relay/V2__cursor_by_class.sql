-- A cursor for each class of events: what is critical is drained first, however much of the rest waits.
ALTER TABLE relay.cursor ADD COLUMN class smallint NOT NULL DEFAULT 0;
ALTER TABLE relay.cursor DROP CONSTRAINT cursor_pkey;
ALTER TABLE relay.cursor ADD PRIMARY KEY (journal, shard, class);
INSERT INTO relay.cursor (journal, shard, "index", "offset", term, class)
  SELECT journal, shard, "index", "offset", term, later FROM relay.cursor, unnest(ARRAY[1, 2]) AS later;
ALTER TABLE relay.cursor ALTER COLUMN class DROP DEFAULT;

COMMENT ON COLUMN relay.cursor.class IS '0 critical, 1 normal, 2 bulk';
