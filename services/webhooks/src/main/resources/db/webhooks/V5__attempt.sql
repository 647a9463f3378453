-- What was sent to endpoints and what came of it, in daily partitions: dropping a day is how it is forgotten.
CREATE TABLE webhooks.attempt (
  integration       text        NOT NULL,
  at                timestamptz NOT NULL,
  id                bigint      NOT NULL,
  account           text        NOT NULL,
  event             text        NOT NULL,
  name              text        NOT NULL,
  device            text        NOT NULL,
  webhook_id        text        NOT NULL,
  number            integer     NOT NULL,
  outcome           smallint    NOT NULL,
  status            smallint    NOT NULL,
  error             text        NOT NULL,
  host              text        NOT NULL,
  method            text        NOT NULL,
  resolve_millis    integer     NOT NULL,
  connect_millis    integer     NOT NULL,
  tls_millis        integer     NOT NULL,
  first_byte_millis integer     NOT NULL,
  total_millis      integer     NOT NULL,
  answer            bytea       NOT NULL,
  -- A batch that is written twice is there once; and pages are read by it.
  PRIMARY KEY (integration, at, id)
) PARTITION BY RANGE (at);

COMMENT ON COLUMN webhooks.attempt.outcome IS '0 delivered, 1 refused, 2 unavailable, 3 impossible, 4 given up';

-- What became of one event; and what failed, which is little among much.
CREATE INDEX attempt_event ON webhooks.attempt (event);
CREATE INDEX attempt_failure ON webhooks.attempt (integration, at, id) WHERE outcome <> 0;

-- How often, by hour: counted in the transaction of the rows, so that nobody counts millions.
CREATE TABLE webhooks.attempt_hour (
  integration text        NOT NULL,
  account     text        NOT NULL,
  hour        timestamptz NOT NULL,
  sent        bigint      NOT NULL,
  refused     bigint      NOT NULL,
  failed      bigint      NOT NULL,
  given_up    bigint      NOT NULL,
  PRIMARY KEY (integration, account, hour)
);
CREATE INDEX attempt_hour_hour ON webhooks.attempt_hour (hour);

-- Makes the partition of a day, once, whoever comes first. Attaching does not keep anybody from reading or writing.
CREATE FUNCTION webhooks.ensure_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  partition text := 'attempt_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass('webhooks.' || partition) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('webhooks.ensure_day'));
  IF to_regclass('webhooks.' || partition) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE webhooks.%I (LIKE webhooks.attempt INCLUDING DEFAULTS)', partition);
  EXECUTE format('ALTER TABLE webhooks.attempt ATTACH PARTITION webhooks.%I FOR VALUES FROM (%L) TO (%L)',
    partition, (day::timestamp AT TIME ZONE 'UTC'), ((day + 1)::timestamp AT TIME ZONE 'UTC'));
END $$;
