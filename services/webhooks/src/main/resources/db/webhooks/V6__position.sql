-- How far a shard's deliveries had come when this was written: of an integration everything before
-- its position had ended or stood in webhooks.delivery; '' stands for those without a row of their
-- own. A copy of what the journal knows better, for one case: a database that was restored says by
-- it from where on rows are missing. Not in the feed.
CREATE TABLE webhooks.position (
  shard          integer NOT NULL,
  integration    text NOT NULL,
  journal_index  bigint NOT NULL,
  journal_offset integer NOT NULL,
  PRIMARY KEY (shard, integration)
);
-- What is sent next where order is wanted.
CREATE INDEX delivery_order
  ON webhooks.delivery (shard, integration, journal_index, journal_offset, number)
  WHERE state = 'parked';
