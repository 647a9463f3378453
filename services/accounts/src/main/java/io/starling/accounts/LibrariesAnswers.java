package io.starling.accounts;

import io.starling.accounts.library.Libraries;
import io.starling.contract.BusMessage;
import io.starling.contract.LibrariesRequest;
import io.vertx.core.Future;

/** What is asked about libraries, by who answers. */
record LibrariesAnswers(Libraries libraries) {

  Future<? extends BusMessage> answer(LibrariesRequest request) {
    return switch (request) {
      case LibrariesRequest.AddLibrary add -> libraries.add(add);
      case LibrariesRequest.FindLibraries find -> libraries.find(find);
      case LibrariesRequest.GetLibrary get -> libraries.get(get);
      case LibrariesRequest.FindLibraryVersions find -> libraries.versions(find);
      case LibrariesRequest.PublishLibrary publish -> libraries.publish(publish);
      case LibrariesRequest.DeleteLibrary delete -> libraries.delete(delete);
      case LibrariesRequest.DownloadLibrary download -> libraries.download(download);
    };
  }
}
