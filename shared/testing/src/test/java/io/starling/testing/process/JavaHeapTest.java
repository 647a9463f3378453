package io.starling.testing.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JavaHeapTest {

  @Test
  void addsTheGenerationsOfASerialHeap() {
    var info =
        """
        4242:
        DefNew     total 9792K, used 500K [0x1, 0x2, 0x3)
          eden space 8704K,   5% used [0x1, 0x2, 0x3)
        Tenured    total 21888K, used 1500K [0x1, 0x2, 0x3)
         Metaspace       used 9000K, committed 9216K, reserved 1114112K
          class space    used 800K, committed 960K, reserved 1048576K
        """;
    assertThat(JavaHeap.used(info)).isEqualTo(2_000 << 10);
  }

  @Test
  void readsAHeapOfG1AndOfZ() {
    assertThat(
            JavaHeap.used(" garbage-first heap   total reserved 1K, committed 2K, used 7K [0x1)"))
        .isEqualTo(7 << 10);
    assertThat(JavaHeap.used(" ZHeap           used 8M, capacity 256M, max capacity 512M"))
        .isEqualTo(8 << 20);
  }

  @Test
  void refusesWhatTellsOfNoHeap() {
    assertThatThrownBy(() -> JavaHeap.used("Metaspace used 3K"))
        .isInstanceOf(IllegalStateException.class);
  }
}
