-- Access tokens of which each follows the one before, by refresh tokens (RFC 6749, section 6). Never in the feed.
CREATE TABLE accounts.token_family (
  -- SHA-256 of what all refresh tokens of the family begin with.
  id           text PRIMARY KEY,
  -- Of the only refresh token that is good: the last one.
  refresh_hash text NOT NULL UNIQUE,
  account      text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  product      integer REFERENCES accounts.product ON DELETE CASCADE,
  client       text NOT NULL,
  -- That of each of its access tokens, in seconds.
  lifetime     bigint NOT NULL,
  expires_at   timestamptz NOT NULL
);
CREATE INDEX token_family_account ON accounts.token_family (account);
CREATE INDEX token_family_product ON accounts.token_family (product);
CREATE INDEX token_family_client ON accounts.token_family (client);
CREATE INDEX token_family_expires ON accounts.token_family (expires_at);

-- Who revokes the family revokes its tokens. Not in the feed.
ALTER TABLE accounts.token ADD COLUMN family text REFERENCES accounts.token_family ON DELETE CASCADE;
CREATE INDEX token_of_family ON accounts.token (family);
DROP TRIGGER track ON accounts.token;
SELECT starling.track('accounts.token', 'token', 'hash', 'tail,family');
