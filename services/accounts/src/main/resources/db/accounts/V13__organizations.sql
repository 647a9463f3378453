-- An organization is an account of its own kind, which nobody can log in to, and which owns products.
CREATE TABLE accounts.organization (
  id         text PRIMARY KEY REFERENCES accounts.account ON DELETE CASCADE,
  slug       text NOT NULL UNIQUE,
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Who works on all products of an organization.
CREATE TABLE accounts.organization_member (
  id           text PRIMARY KEY,
  organization text NOT NULL REFERENCES accounts.organization ON DELETE CASCADE,
  account      text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  role         text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization, account)
);
CREATE INDEX organization_member_account ON accounts.organization_member (account);

SELECT starling.track('accounts.organization', 'organization', 'id', '');
SELECT starling.track('accounts.organization_member', 'organization_member', 'id', '');
