-- A customer is an account of kind 'customer': its address is unique in its product, and nobody's elsewhere.
DROP INDEX accounts.account_email;
CREATE UNIQUE INDEX account_email ON accounts.account (lower(email)) WHERE kind <> 'customer';
CREATE UNIQUE INDEX account_customer ON accounts.account (product, lower(email)) WHERE kind = 'customer';

-- Which customer of its product has a device, and since when. Its owner stays the product's, with its topics.
ALTER TABLE accounts.device
  ADD COLUMN customer text REFERENCES accounts.account ON DELETE SET NULL,
  ADD COLUMN customer_since timestamptz;
CREATE INDEX device_customer ON accounts.device (customer) WHERE customer IS NOT NULL;

-- Whatever takes a device to another owner or product takes it from its customer.
CREATE FUNCTION accounts.keep_customer_in_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.customer = OLD.customer
    AND (NEW.owner IS DISTINCT FROM OLD.owner OR NEW.product IS DISTINCT FROM OLD.product) THEN
    NEW.customer := NULL;
  END IF;
  IF NEW.customer IS NULL THEN
    NEW.customer_since := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_customer_in_product BEFORE UPDATE OF customer, owner, product ON accounts.device
  FOR EACH ROW WHEN (OLD.customer IS NOT NULL) EXECUTE FUNCTION accounts.keep_customer_in_product();

-- Whether a client only makes customers and lets them in.
ALTER TABLE accounts.client ADD COLUMN only_customers boolean NOT NULL DEFAULT false;

-- What a label on a device says: whoever shows it gets the device, once. Not in the directory.
CREATE TABLE accounts.claim_secret (
  device     text PRIMARY KEY REFERENCES accounts.device ON DELETE CASCADE,
  hash       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Somebody wants a device of somebody else. Not in the directory.
CREATE TABLE accounts.transfer (
  id         text PRIMARY KEY,
  device     text NOT NULL REFERENCES accounts.device ON DELETE CASCADE,
  -- Who is asked: it is over once the device has another owner.
  owner      text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  requester  text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  -- Of what the mailed link carries.
  link_hash  text NOT NULL UNIQUE,
  -- Stays then, so that the same is not asked again until it would have expired.
  declined   boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (device, owner, requester)
);
CREATE INDEX transfer_owner ON accounts.transfer (owner);
CREATE INDEX transfer_requester ON accounts.transfer (requester);
CREATE INDEX transfer_created ON accounts.transfer (created_at);
