-- What was used, by hour: counted by the statement that stores the events, so that each event counts once, however often it is drained.
CREATE TABLE relay.usage_device (
  device  text        NOT NULL,
  hour    timestamptz NOT NULL,
  account text        NOT NULL,
  product integer     NOT NULL,
  events  bigint      NOT NULL,
  bytes   bigint      NOT NULL,
  PRIMARY KEY (device, hour, account, product)
);
CREATE INDEX usage_device_hour ON relay.usage_device USING brin (hour);

-- The same of all that an account has in a product (0: in none), in a row for each drain: none of them waits for another.
CREATE TABLE relay.usage_product (
  account text        NOT NULL,
  product integer     NOT NULL,
  hour    timestamptz NOT NULL,
  shard   integer     NOT NULL,
  class   smallint    NOT NULL,
  events  bigint      NOT NULL,
  bytes   bigint      NOT NULL,
  PRIMARY KEY (account, hour, product, shard, class)
);
CREATE INDEX usage_product_hour ON relay.usage_product USING brin (hour);

COMMENT ON COLUMN relay.usage_device.bytes IS 'of names and payloads';
