-- One delivery that left the journal: an event owed to an integration, to be sent later or given up.
-- Whose it is follows from its integration. Not in the feed: there may be millions.
CREATE TABLE webhooks.delivery (
  id             text PRIMARY KEY,
  integration    text NOT NULL,
  shard          integer NOT NULL,
  journal_index  bigint NOT NULL,
  journal_offset integer NOT NULL,
  number         integer NOT NULL,
  device         text,
  name           text NOT NULL,
  published_at   timestamptz NOT NULL,
  event          bytea NOT NULL,
  state          text NOT NULL CHECK (state IN ('parked', 'dead')),
  due_at         timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  attempts       integer NOT NULL,
  first_error    text NOT NULL,
  last_error     text NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  changed_at     timestamptz NOT NULL DEFAULT now()
);
-- What is sent next.
CREATE INDEX delivery_due
  ON webhooks.delivery (shard, integration, due_at, journal_index, journal_offset, number)
  WHERE state = 'parked';
-- Lists, newest first.
CREATE INDEX delivery_list ON webhooks.delivery (integration, state, published_at, id);
-- What is removed, or given up, because of its age.
CREATE INDEX delivery_dead ON webhooks.delivery (changed_at) WHERE state = 'dead';
CREATE INDEX delivery_expiry ON webhooks.delivery (expires_at) WHERE state = 'parked';
