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
