package io.starling.accounts;

import io.starling.accounts.env.Environments;
import io.starling.contract.BusMessage;
import io.starling.contract.EnvRequest;
import io.vertx.core.Future;

/** What is asked about environment variables, by who answers. */
record EnvAnswers(Environments environments) {

  Future<? extends BusMessage> answer(EnvRequest request) {
    return switch (request) {
      case EnvRequest.ChangeEnv change -> environments.change(change);
      case EnvRequest.RollOutEnv rollOut -> environments.rollOut(rollOut);
    };
  }
}
