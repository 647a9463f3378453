-- API users of organizations: accounts that are gone with them, and members by scopes instead of a role.
ALTER TABLE accounts.account
  ADD COLUMN organization text REFERENCES accounts.organization ON DELETE CASCADE;
CREATE INDEX account_organization ON accounts.account (organization);

ALTER TABLE accounts.organization_member
  ALTER COLUMN role DROP NOT NULL,
  ADD COLUMN scopes text[],
  ADD CHECK ((role IS NULL) <> (scopes IS NULL));
