-- What was used beside events, by hour. The codes are those of UsageKind.
CREATE TABLE relay.count_device (
  device  text        NOT NULL,
  hour    timestamptz NOT NULL,
  account text        NOT NULL,
  product integer     NOT NULL,
  kind    smallint    NOT NULL,
  count   bigint      NOT NULL,
  PRIMARY KEY (device, hour, account, product, kind)
);
CREATE INDEX count_device_hour ON relay.count_device USING brin (hour);

-- The same of all that an account has in a product (0: in none).
CREATE TABLE relay.count_product (
  account text        NOT NULL,
  product integer     NOT NULL,
  hour    timestamptz NOT NULL,
  kind    smallint    NOT NULL,
  count   bigint      NOT NULL,
  PRIMARY KEY (account, hour, product, kind)
);
CREATE INDEX count_product_hour ON relay.count_product USING brin (hour);

-- Up to which batch each of those who count has been heard: one that comes twice counts once.
CREATE TABLE relay.count_source (
  source text        PRIMARY KEY,
  batch  bigint      NOT NULL,
  at     timestamptz NOT NULL
);
