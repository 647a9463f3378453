-- Whose account it is: a person's, or that of a program (an API user), which nobody can log in to.
ALTER TABLE accounts.account
  ADD COLUMN kind text NOT NULL DEFAULT 'person',
  -- The product that a program works for, and is gone with.
  ADD COLUMN product integer REFERENCES accounts.product ON DELETE CASCADE;
CREATE INDEX account_product ON accounts.account (product);

-- All that a token is for; null for all that its account may do.
ALTER TABLE accounts.token ADD COLUMN scopes text[];
ALTER TABLE accounts.token_family ADD COLUMN scopes text[];
ALTER TABLE accounts.mfa_token ADD COLUMN scopes text[];

-- The teams of products, without their owners: people by a role, programs by scopes.
CREATE TABLE accounts.member (
  id         text PRIMARY KEY,
  product    integer NOT NULL REFERENCES accounts.product ON DELETE CASCADE,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  role       text,
  scopes     text[],
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (product, account),
  CHECK ((role IS NULL) <> (scopes IS NULL))
);
CREATE INDEX member_account ON accounts.member (account);

SELECT starling.track('accounts.member', 'member', 'id', '');
