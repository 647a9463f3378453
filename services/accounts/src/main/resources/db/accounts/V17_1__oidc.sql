-- Whom an account is at an OpenID Connect provider: who signs in there as this is in.
CREATE TABLE accounts.identity (
  id         text PRIMARY KEY,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  issuer     text NOT NULL,
  subject    text NOT NULL,
  -- Its id in the settings, and the address that it told, when it was linked.
  provider   text NOT NULL,
  email      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (issuer, subject)
);
CREATE INDEX identity_account ON accounts.identity (account);
-- Never in the feed, but in the audit.
SELECT starling.note('accounts.identity', 'insert or delete', 'identity', 'id', '');

-- Somebody between two steps of signing in through a provider. Never in the feed.
CREATE TABLE accounts.oidc_step (
  hash       text PRIMARY KEY,
  -- Of whom more is asked; null for somebody who is at the provider.
  account    text REFERENCES accounts.account ON DELETE CASCADE,
  -- What is needed to go on, encrypted.
  content    bytea NOT NULL,
  key        text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX oidc_step_account ON accounts.oidc_step (account);
CREATE INDEX oidc_step_created ON accounts.oidc_step (created_at);
