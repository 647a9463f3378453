-- What a person tells of himself; a JSON object.
ALTER TABLE accounts.account ADD COLUMN info jsonb NOT NULL DEFAULT '{}';

-- A link that was mailed: for a new password, or to show that an address is the person's. Never in the feed.
CREATE TABLE accounts.link (
  hash       text PRIMARY KEY,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  -- The address to take; null for a new password.
  email      text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX link_account ON accounts.link (account);
CREATE INDEX link_created ON accounts.link (created_at);

ALTER TABLE accounts.account ADD COLUMN mfa boolean NOT NULL DEFAULT false;

-- The last characters, to tell tokens apart in a list. Not in the feed.
ALTER TABLE accounts.token ADD COLUMN tail text NOT NULL DEFAULT '';
DROP TRIGGER track ON accounts.token;
SELECT starling.track('accounts.token', 'token', 'hash', 'tail');

-- Who needs one-time passwords (RFC 6238). Never in the feed, and read by nothing but their check.
CREATE TABLE accounts.otp (
  account   text PRIMARY KEY REFERENCES accounts.account ON DELETE CASCADE,
  secret    bytea NOT NULL,
  -- That of the last one used: it and all before it are refused.
  last_step bigint NOT NULL,
  -- In a row.
  wrong     integer NOT NULL DEFAULT 0,
  free_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE accounts.recovery_code (
  hash    text PRIMARY KEY,
  account text NOT NULL REFERENCES accounts.account ON DELETE CASCADE
);
CREATE INDEX recovery_code_account ON accounts.recovery_code (account);

-- Somebody between the password and the one-time password, or between the secret and its confirmation (then with it).
CREATE TABLE accounts.mfa_token (
  hash       text PRIMARY KEY,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  client     text NOT NULL,
  lifetime   bigint NOT NULL,
  secret     bytea,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mfa_token_account ON accounts.mfa_token (account);
CREATE INDEX mfa_token_created ON accounts.mfa_token (created_at);

-- OAuth clients; of a product, or of its owner alone.
CREATE TABLE accounts.client (
  id           text PRIMARY KEY,
  owner        text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  product      integer REFERENCES accounts.product ON DELETE CASCADE,
  name         text NOT NULL,
  type         text NOT NULL,
  redirect_uri text,
  secret_hash  text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX client_owner ON accounts.client (owner);
CREATE INDEX client_product ON accounts.client (product);
SELECT starling.track('accounts.client', 'client', 'id', '');

-- The one product that a token is for; null for all that is its account's.
ALTER TABLE accounts.token ADD COLUMN product integer REFERENCES accounts.product ON DELETE CASCADE;
