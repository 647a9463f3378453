package io.starling.connection.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientHelloTest {
  @ParameterizedTest
  @CsvSource({
    "'',PARTLY",
    "16,PARTLY",
    "16030100,PARTLY",
    "160301000301,PARTLY",
    "1603010003010203,WHOLE",
    "160301000301020304,WHOLE",
    "1603014001,NONE",
    "10,NONE",
    "4745,NONE",
    "1703030001,NONE"
  })
  void isSeenFromOutside(String hex, ClientHello expected) {
    var in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    assertThat(ClientHello.in(in)).isEqualTo(expected);
    assertThat(in.readerIndex()).isZero();
  }
}
