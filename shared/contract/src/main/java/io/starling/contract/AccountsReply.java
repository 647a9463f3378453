package io.starling.contract;

/** What the accounts service answers. */
public sealed interface AccountsReply extends BusMessage {

  /**
   * Configuration cannot be written for now. Nothing was changed, or it cannot be told whether it
   * was.
   */
  @Wire("accounts.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements WriteReply,
          ProductsReply.CreateProductReply,
          DevicesReply.CreateDevicesReply,
          ProductsReply.AddAuthorityReply,
          DevicesReply.RegisterDeviceReply,
          DevicesReply.AddDevicesReply,
          DevicesReply.ClaimReply,
          ProductsReply.GroupReply,
          ProductsReply.DeleteReply,
          DevicesReply.EditReply,
          DevicesReply.ClaimCodeReply,
          DevicesReply.ClaimSecretReply,
          TransfersReply.RequestReply,
          TransfersReply.ListReply,
          TeamsReply.AddMemberReply,
          OrganizationsReply.CreateReply,
          OrganizationsReply.ChangeReply,
          TeamsReply.ProgramReply,
          ImportsReply.BeginReply,
          ImportsReply.FindReply,
          ImportsReply.ListReply,
          LedgersReply.LedgerReply,
          LedgersReply.InstanceReply,
          LedgersReply.ReportsReply,
          LedgersReply.StatesReply,
          EnvReply.ChangeReply,
          LibrariesReply.AddReply,
          LibrariesReply.GetReply,
          LibrariesReply.PublishReply,
          LibrariesReply.DeleteReply,
          LibrariesReply.FindReply,
          LibrariesReply.DownloadReply,
          SecretsReply.PutReply,
          SecretsReply.ListReply,
          SecretsReply.ReadReply,
          PasskeysReply.ListReply,
          PasskeysReply.BeginReply,
          PasskeysReply.BeginSignInReply,
          PasskeysReply.AddReply,
          PasskeysReply.RenameReply,
          PasskeysReply.SignInReply,
          AuditReply.StoreReply,
          AuditReply.FindReply {}

  /** The answer to a plain write. */
  sealed interface WriteReply extends AccountsReply {}

  /** Done; also where there was nothing to do. */
  @Wire("accounts.written")
  record Written(JournalPosition position) implements WriteReply, OrganizationsReply.ChangeReply {}

  /** There is no such thing, or it is not yours: not told which. */
  @Wire("accounts.not-found")
  record NotFound()
      implements WriteReply,
          DevicesReply.CreateDevicesReply,
          ProductsReply.AddAuthorityReply,
          DevicesReply.AddDevicesReply,
          ProductsReply.GroupReply,
          ProductsReply.DeleteReply,
          DevicesReply.EditReply,
          DevicesReply.ClaimSecretReply,
          TeamsReply.ProgramReply,
          OrganizationsReply.ChangeReply,
          ImportsReply.BeginReply,
          ImportsReply.FindReply,
          ImportsReply.ListReply,
          LedgersReply.InstanceReply,
          LedgersReply.StatesReply,
          LibrariesReply.GetReply,
          LibrariesReply.PublishReply,
          LibrariesReply.DeleteReply,
          LibrariesReply.FindReply,
          LibrariesReply.DownloadReply,
          PasskeysReply.RenameReply {}
}
