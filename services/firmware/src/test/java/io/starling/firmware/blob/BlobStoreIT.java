package io.starling.firmware.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content that comes and goes, with stores that begin anew on the same folder. */
final class BlobStoreIT {
  private static final int MOST = 1 << 20;

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path folder;
  private BlobStore store;

  @BeforeEach
  void open() {
    store = open(0);
  }

  @AfterEach
  void close() {
    var _ = await(vertx.close());
  }

  private BlobStore open(long leastFree) {
    return await(BlobStore.open(vertx, folder, new BlobStore.Limits(MOST, leastFree)));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e.getCause() == null ? e : e.getCause());
    }
  }

  private static BlobId idOf(Buffer content) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes());
      return new BlobId(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private BlobId stored(String text) {
    var upload = await(store.begin());
    var _ = await(upload.write(Buffer.buffer(text)));
    return await(upload.finish());
  }

  @Test
  void whatIsStoredIsReadByItsHashAlsoLater() {
    var content = Buffer.buffer("firmware ".repeat(40_000));
    var upload = await(store.begin());
    for (int at = 0; at < content.length(); at += 100_000) {
      int end = Math.min(content.length(), at + 100_000);
      assertThat(await(upload.write(content.getBuffer(at, end)))).isEqualTo(end);
    }
    var id = await(upload.finish());
    assertThat(id).isEqualTo(idOf(content));
    store = open(0);
    assertThat(await(store.size(id))).isEqualTo(OptionalLong.of(content.length()));
    assertThat(await(store.read(id, 5, 1_000))).contains(content.getBuffer(5, 1_005));
    var end = content.getBuffer(content.length() - 10, content.length());
    assertThat(await(store.read(id, content.length() - 10, 1_000))).contains(end);
    assertThat(await(store.read(id, content.length() + 10, 1_000))).contains(Buffer.buffer());
    assertThat(await(store.isWhole(id))).isTrue();
  }

  @Test
  void whatIsNotHereIsToldApartFromWhatIsEmpty() {
    var absent = idOf(Buffer.buffer("absent"));
    assertThat(await(store.size(absent))).isEmpty();
    assertThat(await(store.read(absent, 0, 10))).isEmpty();
    assertThat(await(store.isWhole(absent))).isFalse();
    assertThat(await(store.remove(absent))).isFalse();
    var empty = await(await(store.begin()).finish());
    assertThat(await(store.read(empty, 0, 10))).contains(Buffer.buffer());
  }

  @Test
  void anUploadGoesOnWhereItWasWhoeverDied() throws IOException {
    var content = Buffer.buffer("firmware ".repeat(30_000));
    var first = await(store.begin());
    var _ = await(first.write(content.getBuffer(0, 100_000)));
    store = open(0);
    var second = await(store.resume(first.name())).orElseThrow();
    assertThat(second.size()).isEqualTo(100_000);
    var _ = await(second.write(content.getBuffer(100_000, content.length())));
    var id = await(second.finish());
    assertThat(id).isEqualTo(idOf(content));
    assertThat(await(store.isWhole(id))).isTrue();
    assertThat(await(store.resume(first.name()))).isEmpty();
    try (var left = Files.list(folder.resolve("uploads"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatAFailedWriteLeftIsNoPartOfIt() throws IOException {
    var upload = await(store.begin());
    var _ = await(upload.write(Buffer.buffer("one ")));
    Files.writeString(
        folder.resolve("uploads").resolve(upload.name()), "one and what was written in part");
    var _ = await(upload.write(Buffer.buffer("two")));
    var id = await(upload.finish());
    assertThat(await(store.read(id, 0, 100))).contains(Buffer.buffer("one two"));
    assertThat(id).isEqualTo(idOf(Buffer.buffer("one two")));
  }

  @Test
  void namesThatLeadElsewhereAreNone() throws IOException {
    Files.writeString(folder.resolve("secret"), "secret");
    for (var name :
        List.of("../secret", "", ".", "x".repeat(32), "../".repeat(10) + "etc/passwd")) {
      assertThat(await(store.resume(name))).as(name).isEmpty();
      assertThatThrownBy(() -> new BlobId(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theSameContentIsThereOnce() {
    assertThat(stored("same")).isEqualTo(stored("same"));
    assertThat(await(store.list("", 10))).hasSize(1);
  }

  @Test
  void damageIsFound() throws IOException {
    var id = stored("whole");
    Files.writeString(store.path(id), "Whole");
    assertThat(await(store.isWhole(id))).isFalse();
  }

  @Test
  void allAreListedPageByPage() {
    var all = new ArrayList<BlobId>();
    for (int i = 0; i < 50; i++) {
      all.add(stored("content " + i));
    }
    all.sort(null);
    var listed = new ArrayList<BlobId>();
    for (var page = await(store.list("", 7)); !page.isEmpty(); ) {
      listed.addAll(page);
      page = await(store.list(page.getLast().hex(), 7));
    }
    assertThat(listed).isEqualTo(all);
    assertThat(await(store.remove(all.getFirst()))).isTrue();
    assertThat(await(store.list("", 100))).isEqualTo(all.subList(1, 50));
  }

  @Test
  void tooMuchIsRefusedAndWhatWasTakenStays() {
    var upload = await(store.begin());
    var _ = await(upload.write(Buffer.buffer(new byte[MOST])));
    assertThat(
            await(upload.write(Buffer.buffer("x")).map(Optional.empty()).otherwise(Optional::of)))
        .containsInstanceOf(BlobRefused.class);
    assertThat(upload.size()).isEqualTo(MOST);
    assertThat(await(upload.finish())).isEqualTo(idOf(Buffer.buffer(new byte[MOST])));
  }

  @Test
  void aDiskThatIsNearlyFullTakesNothing() {
    var upload = await(store.begin());
    var full = open(Long.MAX_VALUE / 2);
    assertThat(await(full.begin().map(Optional.empty()).otherwise(Optional::of)))
        .containsInstanceOf(BlobRefused.class);
    var resumed = await(full.resume(upload.name())).orElseThrow();
    assertThat(
            await(resumed.write(Buffer.buffer("x")).map(Optional.empty()).otherwise(Optional::of)))
        .containsInstanceOf(BlobRefused.class);
  }

  @Test
  void uploadsThatNobodyGoesOnWithAreForgotten() {
    var upload = await(store.begin());
    assertThat(await(store.forgetUploads(Instant.now().minusSeconds(60)))).isZero();
    assertThat(await(store.forgetUploads(Instant.now().plusSeconds(60)))).isOne();
    assertThat(await(store.resume(upload.name()))).isEmpty();
  }

  @Test
  void oneCallComesAfterTheOther() {
    var upload = await(store.begin());
    var one = upload.write(Buffer.buffer("one"));
    var two = upload.write(Buffer.buffer("two"));
    assertThat(await(one)).isEqualTo(3);
    assertThat(await(two.map(Optional.empty()).otherwise(Optional::of)))
        .containsInstanceOf(IllegalStateException.class);
    var _ = await(upload.abandon());
    assertThat(
            await(upload.write(Buffer.buffer("x")).map(Optional.empty()).otherwise(Optional::of)))
        .containsInstanceOf(IllegalStateException.class);
  }
}
