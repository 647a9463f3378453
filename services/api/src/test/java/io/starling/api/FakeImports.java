package io.starling.api;

import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.ImportsReply;
import io.starling.contract.ImportsReply.DeviceImport;
import io.starling.contract.ImportsReply.ImportRefused;
import io.starling.contract.ImportsReply.Problem;
import io.starling.contract.ImportsReply.Progress;
import io.starling.contract.ImportsRequest;
import io.starling.contract.JournalPosition;
import java.util.ArrayList;
import java.util.List;

/** One import at a time, which is stored and never taken in. */
final class FakeImports {
  final List<String> lines = new ArrayList<>();
  private String state = "none";

  BusMessage answer(ImportsRequest request) {
    return switch (request) {
      case ImportsRequest.BeginImport _ when state.equals("uploading") || state.equals("waiting") ->
          new ImportRefused(ImportRefused.Reason.ONE_OF_THE_PRODUCT);
      case ImportsRequest.BeginImport _ -> {
        state = "uploading";
        lines.clear();
        yield new ImportsReply.ImportBegun("i1");
      }
      case ImportsRequest.AppendToImport piece -> {
        if (piece.firstLine() != lines.size() + 1) {
          throw new AssertionError("line " + piece.firstLine() + " after " + lines.size());
        }
        lines.addAll(piece.lines());
        yield new AccountsReply.Written(JournalPosition.START);
      }
      case ImportsRequest.RunImport run -> {
        state = run.lines() == lines.size() ? "waiting" : "failed";
        yield new ImportsReply.ImportFound(found());
      }
      case ImportsRequest.FindImport find ->
          find.id().equals("i1")
              ? new ImportsReply.ImportFound(found())
              : new AccountsReply.NotFound();
      case ImportsRequest.ListImports _ -> new ImportsReply.ImportsFound(List.of(found()));
      case ImportsRequest.CancelImport cancel -> {
        if (!cancel.id().equals("i1")) {
          yield new AccountsReply.NotFound();
        }
        state = "cancelled";
        yield new AccountsReply.Written(JournalPosition.START);
      }
    };
  }

  private DeviceImport found() {
    return new DeviceImport(
        "i1",
        state,
        lines.size(),
        new Progress(6, 1, 1, 1, 1, 2),
        List.of(new Problem(3, "not so")),
        0,
        1,
        state.equals("cancelled") ? Long.valueOf(2) : null);
  }
}
