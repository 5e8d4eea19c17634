package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Message;
import io.fluxy.chat.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NewestTest {
  @Test
  void theOldestMakesWay() {
    Newest newest = new Newest(3);
    for (int seq = 1; seq <= 3; seq++) {
      assertThat(newest.add(message(seq, ""))).isNull();
    }
    assertThat(newest.add(message(7, ""))).isEqualTo(message(1, ""));
    assertThat(seqs(newest)).containsExactly(2L, 3L, 7L);
    assertThat(newest.find(1)).isNull();
    assertThat(newest.find(5)).isNull();
    assertThat(newest.find(7)).isEqualTo(message(7, ""));
  }

  @Test
  void doesWhatASortedMapWouldDo() {
    for (int seed = 0; seed < 200; seed++) {
      Random chance = new Random(seed);
      int max = 1 + chance.nextInt(20);
      Newest newest = new Newest(max);
      TreeMap<Long, StoredMessage> model = new TreeMap<>();
      long seq = 0;
      for (int step = 0; step < 200; step++) {
        seq += 1 + chance.nextInt(3);
        newest.add(message(seq, ""));
        model.put(seq, message(seq, ""));
        if (model.size() > max) {
          model.pollFirstEntry();
        }
        Long any = model.ceilingKey(seq - chance.nextInt(40));
        if (any != null && chance.nextInt(3) == 0) {
          newest.remove(any);
          model.remove(any);
        } else if (any != null) {
          newest.replace(message(any, "edited"));
          model.put(any, message(any, "edited"));
        }
        List<StoredMessage> all = new ArrayList<>();
        for (int place = 0; place < newest.size(); place++) {
          all.add(newest.get(place));
        }
        assertThat(all).as("seed %s", seed).containsExactlyElementsOf(model.values());
      }
    }
  }

  private static List<Long> seqs(Newest newest) {
    List<Long> seqs = new ArrayList<>();
    for (int place = 0; place < newest.size(); place++) {
      seqs.add(newest.get(place).message().seq());
    }
    return seqs;
  }

  private static StoredMessage message(long seq, String content) {
    Message message =
        new Message(seq, seq, "ann", content, seq, null, null, List.of(), List.of(), 1, null, null);
    return new StoredMessage(message, Map.of());
  }
}
