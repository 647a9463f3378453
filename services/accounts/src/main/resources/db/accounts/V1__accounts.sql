CREATE TABLE accounts.account (
  id            text PRIMARY KEY,
  email         text NOT NULL,
  password_hash text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now()
);
-- An address is one person's, however it is written.
CREATE UNIQUE INDEX account_email ON accounts.account (lower(email));

CREATE TABLE accounts.token (
  hash       text PRIMARY KEY,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  client     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz
);
CREATE INDEX token_account ON accounts.token (account);
CREATE INDEX token_expires ON accounts.token (expires_at);

CREATE TABLE accounts.product (
  id          integer PRIMARY KEY,
  slug        text NOT NULL UNIQUE,
  name        text NOT NULL,
  description text NOT NULL,
  platform    integer NOT NULL,
  owner       text NOT NULL REFERENCES accounts.account,
  classes     jsonb NOT NULL DEFAULT '[]',
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX product_owner ON accounts.product (owner);

CREATE TABLE accounts.device (
  id          text PRIMARY KEY,
  owner       text REFERENCES accounts.account,
  product     integer REFERENCES accounts.product,
  name        text,
  notes       text,
  platform    integer NOT NULL DEFAULT 0,
  secret_hash text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX device_owner ON accounts.device (owner);
CREATE INDEX device_product ON accounts.device (product);

SELECT starling.track('accounts.account', 'account', 'id', 'password_hash');
SELECT starling.track('accounts.token', 'token', 'hash', '');
SELECT starling.track('accounts.product', 'product', 'id', '');
SELECT starling.track('accounts.device', 'device', 'id', '');
