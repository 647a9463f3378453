-- By what people sign in instead of a password and a one-time password (WebAuthn). Never in the feed.
CREATE TABLE accounts.passkey (
  id           text PRIMARY KEY,
  account      text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  -- What its authenticator calls it: of one account only.
  credential   bytea NOT NULL UNIQUE,
  -- The attested credential data, with the public key (WebAuthn, section 6.5.1).
  attested     bytea NOT NULL,
  name         text NOT NULL,
  -- 0 for ever where the authenticator does not count.
  sign_count   bigint NOT NULL,
  synced       boolean NOT NULL,
  backed_up    boolean NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkey_account ON accounts.passkey (account);

-- What authenticators are asked to sign, each once and within five minutes. Never in the feed.
CREATE TABLE accounts.passkey_challenge (
  hash       text PRIMARY KEY,
  -- Whose new passkey it is for; null to sign somebody in.
  account    text REFERENCES accounts.account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX passkey_challenge_account ON accounts.passkey_challenge (account);
CREATE INDEX passkey_challenge_created ON accounts.passkey_challenge (created_at);

-- The audit tells who adds, renames and removes one; that one was used is no change.
SELECT starling.note('accounts.passkey', 'insert or update or delete', 'passkey', 'id', 'name');
