package io.starling.accounts;

import io.starling.accounts.device.ClaimCodes;
import io.starling.accounts.device.ClaimSecrets;
import io.starling.accounts.device.Devices;
import io.starling.accounts.device.Edits;
import io.starling.accounts.device.Quarantine;
import io.starling.contract.BusMessage;
import io.starling.contract.DevicesRequest;
import io.vertx.core.Future;

/** What is asked about devices, by the room that answers. */
record DevicesAnswers(
    Devices devices,
    Edits edits,
    ClaimCodes claimCodes,
    ClaimSecrets claimSecrets,
    Quarantine quarantine) {

  Future<? extends BusMessage> answer(DevicesRequest request) {
    return switch (request) {
      case DevicesRequest.RegisterDevice register -> quarantine.register(register);
      case DevicesRequest.AddDevices add -> quarantine.add(add);
      case DevicesRequest.RemoveDevice remove -> quarantine.remove(remove);
      case DevicesRequest.CreateDevices create -> devices.create(create);
      case DevicesRequest.ClaimDevice claim -> devices.claim(claim);
      case DevicesRequest.EditDevice edit -> edits.edit(edit);
      case DevicesRequest.StorePublicKey key -> devices.storeKey(key);
      case DevicesRequest.CreateClaimCode create -> claimCodes.create(create);
      case DevicesRequest.ShowClaimCode show -> claimCodes.show(show);
      case DevicesRequest.CreateClaimSecret create -> claimSecrets.create(create);
      case DevicesRequest.ClaimBySecret claim -> claimSecrets.claim(claim);
      case DevicesRequest.FreeDevice free -> devices.free(free);
      case DevicesRequest.RegroupDevices regroup -> edits.regroup(regroup);
      case DevicesRequest.ReleaseDevice release -> devices.release(release);
    };
  }
}
