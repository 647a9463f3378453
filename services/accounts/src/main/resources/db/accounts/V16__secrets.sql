-- What each key sealed, to show that a node has the same ones. Never a key.
CREATE TABLE accounts.seal_key (
  id         text PRIMARY KEY,
  proof      bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Values for integrations and programs of an account, sealed. Never in the feed.
CREATE TABLE accounts.secret (
  account          text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  name             text NOT NULL,
  key              text NOT NULL REFERENCES accounts.seal_key,
  sealed           bytea NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  last_accessed_at timestamptz,
  PRIMARY KEY (account, name)
);
CREATE INDEX secret_key ON accounts.secret (key);

-- What sealed the secrets of one-time passwords; null for those that are from before and not sealed yet.
ALTER TABLE accounts.otp ADD COLUMN key text REFERENCES accounts.seal_key;
ALTER TABLE accounts.mfa_token ADD COLUMN key text REFERENCES accounts.seal_key;
CREATE INDEX otp_key ON accounts.otp (key);
CREATE INDEX mfa_token_key ON accounts.mfa_token (key);
