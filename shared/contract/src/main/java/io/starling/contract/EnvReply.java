package io.starling.contract;

/** What the accounts service answers about environment variables. */
public sealed interface EnvReply extends BusMessage {

  /** The answer to {@link EnvRequest.ChangeEnv}. */
  sealed interface ChangeReply extends EnvReply
      permits EnvChanged, EnvRefused, AccountsReply.DatabaseDown {}

  /** It is as was asked. */
  @Wire("env.changed")
  record EnvChanged(JournalPosition position) implements ChangeReply {}

  /** It stays as it is. */
  @Wire("env.refused")
  record EnvRefused(Reason reason) implements ChangeReply {
    /** Why. */
    public enum Reason {
      /** The scope would have more than {@link EnvRequest#MOST}. */
      TOO_MANY,
      /** They would be larger than {@link EnvRequest#MAX_SCOPE_BYTES} together. */
      TOO_LARGE,
      /** The account would have them for too many devices, or too large together. */
      NO_ROOM
    }
  }
}
