-- How long events are kept is a matter of where they stand: one tree of daily partitions for each time that a product
-- may choose, and one (0) for all others. What is over goes by dropping a day of a tree; no row is ever deleted.
-- What is there already becomes the tree of all others: it is looked through once, and not written again.
ALTER TABLE relay.event RENAME TO event_0;
ALTER TABLE relay.event_0 ADD COLUMN retention smallint NOT NULL DEFAULT 0;

CREATE TABLE relay.event (LIKE relay.event_0 INCLUDING DEFAULTS INCLUDING COMMENTS) PARTITION BY LIST (retention);
COMMENT ON COLUMN relay.event.retention IS 'days that it is kept, 0: as long as the service says';

-- An event stored twice is one row: each tree has the key that the whole cannot have.
DO $$
DECLARE
  days integer;
BEGIN
  FOREACH days IN ARRAY ARRAY[1, 7, 30, 90, 365] LOOP
    EXECUTE format('CREATE TABLE relay.event_%s PARTITION OF relay.event FOR VALUES IN (%s) PARTITION BY RANGE (published_at)', days, days);
    EXECUTE format('ALTER TABLE relay.event_%s ADD PRIMARY KEY (published_at, origin_id, epoch, sequence)', days);
  END LOOP;
END $$;
ALTER TABLE relay.event ATTACH PARTITION relay.event_0 FOR VALUES IN (0);

-- Those that are there already are taken over.
CREATE INDEX events_account ON relay.event (account, published_at);
CREATE INDEX events_product ON relay.event (product, published_at) WHERE product <> 0;
CREATE INDEX events_device ON relay.event (origin_id, published_at) WHERE origin = 0;
CREATE INDEX events_connections ON relay.event (origin_id, published_at DESC, epoch DESC, sequence DESC) WHERE name = 'spark/status';
CREATE INDEX events_vitals ON relay.event (origin_id, published_at) WHERE name = 'spark/device/diagnostics/update';

-- Makes the partition of a day in a tree, once, whoever comes first. Attaching does not keep anybody from reading or writing.
CREATE FUNCTION relay.ensure_day(day date, retention integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  tree text := 'event_' || retention;
  partition text := CASE retention WHEN 0 THEN 'event' ELSE tree END || '_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass('relay.' || partition) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('relay.ensure_day'));
  IF to_regclass('relay.' || partition) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE relay.%I (LIKE relay.%I INCLUDING DEFAULTS)', partition, tree);
  EXECUTE format('ALTER TABLE relay.%I ATTACH PARTITION relay.%I FOR VALUES FROM (%L) TO (%L)',
    tree, partition, (day::timestamp AT TIME ZONE 'UTC'), ((day + 1)::timestamp AT TIME ZONE 'UTC'));
END $$;

-- For relays of before, during an upgrade: what they store is kept as long as the service says.
CREATE OR REPLACE FUNCTION relay.ensure_day(day date) RETURNS void LANGUAGE sql AS $$ SELECT relay.ensure_day(day, 0) $$;
