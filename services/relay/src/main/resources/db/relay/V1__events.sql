-- Events as rows, in daily partitions: dropping a day is how retention works.
CREATE TABLE relay.event (
  published_at timestamptz NOT NULL,
  origin_id    text        NOT NULL,
  epoch        bigint      NOT NULL,
  sequence     bigint      NOT NULL,
  origin       smallint    NOT NULL,
  class        smallint    NOT NULL,
  account      text        NOT NULL,
  product      integer     NOT NULL,
  name         text        NOT NULL,
  data         bytea       NOT NULL,
  -- The event's identity: sent twice is stored once. The time is part of it because it is part of the partition.
  PRIMARY KEY (published_at, origin_id, epoch, sequence)
) PARTITION BY RANGE (published_at);

COMMENT ON COLUMN relay.event.origin IS '0 device, 1 app, 2 cloud';
COMMENT ON COLUMN relay.event.class IS '0 critical, 1 normal, 2 bulk';

-- How far each shard of a journal is drained. Moved in the transaction of the rows, from exactly where it stood: two drains at once cannot both succeed.
CREATE TABLE relay.cursor (
  journal text    NOT NULL,
  shard   integer NOT NULL,
  "index" bigint  NOT NULL,
  "offset" integer NOT NULL,
  term    bigint  NOT NULL,
  PRIMARY KEY (journal, shard)
);

-- Makes the partition of a day, once, whoever comes first.
CREATE FUNCTION relay.ensure_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  partition text := 'event_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass('relay.' || partition) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('relay.ensure_day'));
  EXECUTE format('CREATE TABLE IF NOT EXISTS relay.%I PARTITION OF relay.event FOR VALUES FROM (%L) TO (%L)',
    partition, (day::timestamp AT TIME ZONE 'UTC'), ((day + 1)::timestamp AT TIME ZONE 'UTC'));
END $$;
