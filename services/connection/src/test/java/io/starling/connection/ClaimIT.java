package io.starling.connection;

import static io.starling.connection.RawClient.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.ClaimRefused.Reason;
import io.starling.contract.DevicesRequest;
import io.starling.contract.JournalPosition;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A device shows a claim code. */
class ClaimIT {
  private static final String CODE = "abcdefghij/ABCDEFGHIJ+0123456789".repeat(2).substring(0, 63);

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();
  private final List<DevicesRequest> asked = Collections.synchronizedList(new ArrayList<>());

  private void serve(Future<DevicesReply.ClaimReply> reply) {
    TestRegion.done(
        region.bus.serve(
            DevicesRequest.ADDRESS,
            DevicesRequest.class,
            request -> {
              asked.add(request);
              return reply;
            }));
  }

  private String told(String code) {
    try (var device = RawClient.device(port, false)) {
      device.send(device.publish0("$cloud/claim", code));
      var answer = device.read(PUBLISH);
      assertThat(answer.topic()).isEqualTo("$cloud/claim");
      return answer.payload(false);
    }
  }

  @Test
  void isTakenToTheAccountsServiceAndToldWhatCameOfIt() {
    serve(
        Future.succeededFuture(
            new DevicesReply.Claimed(TestRegion.DEVICE, new JournalPosition(1, 0))));
    assertThat(told(CODE)).isEqualTo("{\"ok\":true}");
    assertThat(asked).containsExactly(new DevicesRequest.ShowClaimCode(TestRegion.DEVICE, CODE));
  }

  @Test
  void isToldWhyItWasRefused() {
    serve(Future.succeededFuture(new DevicesReply.ClaimRefused(Reason.BELONGS_TO_ANOTHER)));
    assertThat(told(CODE)).isEqualTo("{\"ok\":false,\"error\":\"belongs_to_another\"}");
  }

  @Test
  void whatIsNoCodeIsAskedAboutNowhere() {
    serve(Future.failedFuture("not asked"));
    assertThat(told("no code")).contains("code_invalid");
    assertThat(asked).isEmpty();
  }

  @Test
  void isToldThatNobodyAnswers() {
    assertThat(told(CODE)).contains("unavailable");
  }
}
