-- Products that have another owner, while devices or integrations of theirs are still the former one's.
CREATE TABLE accounts.product_move (
  product    integer NOT NULL REFERENCES accounts.product ON DELETE CASCADE,
  former     text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  -- Integrations are another service's, which is asked.
  integrated boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (product, former)
);
CREATE INDEX product_move_former ON accounts.product_move (former);

-- Those of one product of an owner are found without looking at all that are his.
DROP INDEX accounts.device_owner;
CREATE INDEX device_owner ON accounts.device (owner, product);

-- A device that follows its product to another owner keeps its customer.
CREATE OR REPLACE FUNCTION accounts.keep_customer_in_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.customer = OLD.customer
    AND (NEW.product IS DISTINCT FROM OLD.product OR (NEW.owner IS DISTINCT FROM OLD.owner
      AND NEW.owner IS DISTINCT FROM (SELECT owner FROM accounts.product WHERE id = NEW.product))) THEN
    NEW.customer := NULL;
  END IF;
  IF NEW.customer IS NULL THEN
    NEW.customer_since := NULL;
  END IF;
  RETURN NEW;
END $$;
