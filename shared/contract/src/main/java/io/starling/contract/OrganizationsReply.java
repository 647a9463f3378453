package io.starling.contract;

/** What the accounts service answers about organizations. */
public sealed interface OrganizationsReply extends BusMessage {

  /** The answer to {@link OrganizationsRequest.CreateOrganization}. */
  sealed interface CreateReply extends OrganizationsReply
      permits OrganizationCreated, TooManyOrganizations, AccountsReply.DatabaseDown {}

  /** Made. */
  @Wire("organizations.created")
  record OrganizationCreated(AccountId organization, JournalPosition position)
      implements CreateReply {}

  /** The person is in as many as he may be in. */
  @Wire("organizations.too-many")
  record TooManyOrganizations() implements CreateReply {}

  /** The answer to a change that would leave something without an owner. */
  sealed interface ChangeReply extends OrganizationsReply
      permits ChangeRefused,
          AccountsReply.Written,
          AccountsReply.NotFound,
          AccountsReply.DatabaseDown {}

  /** Nothing was changed. */
  @Wire("organizations.refused")
  record ChangeRefused(Reason reason) implements ChangeReply {
    /** Why. */
    public enum Reason {
      /** It has products. */
      NOT_EMPTY,
      /** Nobody else owns the organization. */
      LAST_OWNER
    }
  }
}
