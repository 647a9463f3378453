package io.starling.connection.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  /** Whatever the pieces in which it comes, nothing behind it is taken. */
  private static void assertReads(byte[] header, ProxyHeader expected) {
    ByteBuf in = Unpooled.buffer();
    for (int i = 0; i < header.length; i++) {
      assertThat(in.readableBytes()).isEqualTo(i);
      assertThat(ProxyHeader.read(in)).as("%d bytes", i).isNull();
      in.writeByte(header[i]);
    }
    in.writeByte(0x10);
    assertThat(ProxyHeader.read(in)).isEqualTo(expected);
    assertThat(in.readableBytes()).isEqualTo(1);
    assertThat(in.readByte()).isEqualTo((byte) 0x10);
  }

  private static ProxyHeader client(String address) {
    return new ProxyHeader.Client(InetAddress.ofLiteral(address));
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.1 10.0.0.1 50000 8883,192.0.2.1",
    "PROXY TCP6 2001:db8::1 ::1 50000 8883,2001:db8::1"
  })
  void readsVersion1(String line, String address) {
    assertReads((line + "\r\n").getBytes(StandardCharsets.US_ASCII), client(address));
  }

  @Test
  void readsVersion2() {
    assertReads(hex(SIGNATURE + "2111000c" + "c00002010a000001" + "c35022b3"), client("192.0.2.1"));
    // With more behind the addresses.
    assertReads(
        hex(SIGNATURE + "21110010" + "c00002010a000001" + "c35022b3" + "04000100"),
        client("192.0.2.1"));
    assertReads(
        hex(
            SIGNATURE
                + "21210024"
                + "20010db8000000000000000000000001"
                + "00000000000000000000000000000001"
                + "c35022b3"),
        client("2001:db8::1"));
  }

  @Test
  void readsWhatAProxySaysOfItself() {
    assertReads(hex(SIGNATURE + "20000000"), new ProxyHeader.Itself());
    assertReads(hex(SIGNATURE + "21000000"), new ProxyHeader.Itself());
    assertReads("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII), new ProxyHeader.Itself());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "101600044d515454",
        "160301",
        "0d0a0d0a000d0a515549540b",
        "0d0a0d0a000d0a515549540a1111000c",
        "0d0a0d0a000d0a515549540a2211000c",
        "0d0a0d0a000d0a515549540a2111ffff",
        "0d0a0d0a000d0a515549540a2111000401020304"
      })
  void isNothingElse(String hex) {
    assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(hex(hex))))
        .isEqualTo(new ProxyHeader.Invalid());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 example.com 10.0.0.1 1 2\r\n",
        "PROXY TCP4 1.2.3.4 10.0.0.1 1\r\n",
        "PROXY TCP4 1.2.3.4 10.0.0.1 1 2\n",
        "PROXY UDP4 1.2.3.4 10.0.0.1 1 2\r\n",
        "PROXY \r\n",
        "PROXY xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      })
  void isNoOtherLine(String line) {
    var in = Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.US_ASCII));
    assertThat(ProxyHeader.read(in)).isEqualTo(new ProxyHeader.Invalid());
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
