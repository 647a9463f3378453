-- What of the tables that no feed follows is a change that the audit tells (starling.note). Not among them: what passes
-- on its own (codes, links and tokens that are used up or expire), what only counts (guesses, uses), mail that waits, and
-- what devices report.
SELECT starling.note('accounts.link', 'insert', 'link', '', '');
SELECT starling.note('accounts.authorization_code', 'insert', 'grant', 'client', '');
SELECT starling.note('accounts.device_code', 'update', 'grant', 'client', 'account,allowed');
SELECT starling.note('accounts.token_family', 'delete', 'tokens', 'client', '');
SELECT starling.note('accounts.claim_code', 'insert', 'claim_code', '', '');
SELECT starling.note('accounts.claim_secret', 'insert or update or delete', 'claim_secret', 'device', 'hash');
SELECT starling.note('accounts.device_key', 'insert or update', 'device_key', 'device', 'algorithm,public_key');
SELECT starling.note('accounts.transfer', 'insert or update or delete', 'transfer', 'id', 'declined');
-- Its lines do nothing until it runs.
SELECT starling.note('accounts.device_import', 'update', 'import', 'id', 'state');
SELECT starling.note('accounts.secret', 'insert or update or delete', 'secret', 'name', 'sealed');
SELECT starling.note('accounts.library', 'insert or update or delete', 'library', 'name', 'name,published');
SELECT starling.note('accounts.library_version', 'insert or update or delete', 'library_version', 'version', '');
