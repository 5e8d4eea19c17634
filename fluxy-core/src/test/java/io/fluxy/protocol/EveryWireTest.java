package io.fluxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Draft;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One room with members of every kind, and writers on every wire. */
class EveryWireTest {
  private static final Pattern MARK = Pattern.compile("m\\d+-\\d+");
  private static final int ROUNDS = 40;
  private static final int WRITERS = 6;

  private static Set<String> marks(String text) {
    Set<String> marks = new LinkedHashSet<>();
    Matcher mark = MARK.matcher(text);
    while (mark.find()) {
      marks.add(mark.group());
    }
    return marks;
  }

  private static List<String> heard(List<?> frames) {
    List<String> heard = new ArrayList<>();
    frames.forEach(frame -> heard.addAll(marks(frame.toString())));
    return heard;
  }

  /** Nobody waits for anybody: all that is written in a round lies in one mailbox. */
  private static void write(EveryWire wires) {
    for (int round = 0; round < ROUNDS; round++) {
      for (int turn = 0; turn < WRITERS; turn++) {
        int writer = (turn + round) % WRITERS;
        String mark = "m" + writer + "-" + round;
        String room = wires.room.name();
        switch (writer) {
          case 0 ->
              wires
                  .client(EveryWire.FLUXY)
                  .sends("{\"type\":\"message\",\"content\":\"" + mark + "\"}");
          case 1 ->
              wires.sends(
                  "POST",
                  "/messages",
                  EveryWire.bearer(wires.token("bob")),
                  "{\"roomId\":\"" + room + "\",\"content\":\"" + mark + "\"}");
          case 2 -> wires.triggers("e", mark);
          case 3 -> wires.publishes("e", "\"" + mark + "\"");
          case 4 -> wires.flows("e", "{\"mark\":\"" + mark + "\"}");
          default -> wires.fluxy.room(wires.room).post(User.named("host"), Draft.text(mark));
        }
      }
      wires.time.runUntilIdle();
    }
  }

  @Test
  void thereIsOneOrderForAllAndItIsTheHistory() {
    EveryWire wires = new EveryWire("lobby", true);
    write(wires);

    Map<String, List<String>> orders = new LinkedHashMap<>();
    wires.clients.forEach((name, client) -> orders.put(name, heard(client.hears())));
    orders.put("polling", polled(wires));
    orders.put("history by FluxyChat", historyOfFluxyChat(wires));
    orders.put("history of a plain channel", historyOfChannel(wires));
    orders.put("history by PushFlo", historyOfPushFlo(wires));
    List<String> host = heard(wires.host);

    assertThat(host).hasSize(WRITERS * ROUNDS).doesNotHaveDuplicates();
    orders.forEach((name, order) -> assertThat(order).as(name).isEqualTo(host));
    assertThat(wires.time.failures()).isEmpty();
  }

  private static List<String> polled(EveryWire wires) {
    List<String> order = new ArrayList<>();
    String token = wires.token("bob");
    long since = 0;
    long last = -1;
    while (since != last) {
      last = since;
      String target = "/api/messages?roomId=" + wires.room.name() + "&since=" + since;
      String page = wires.gets(target, token);
      order.addAll(marks(page));
      since = number(page, "lastSeq");
    }
    return order;
  }

  private static long number(String json, String field) {
    Matcher number = Pattern.compile("\"" + field + "\":(\\d+)").matcher(json);
    assertThat(number.find()).as("%s in %s", field, json).isTrue();
    return Long.parseLong(number.group(1));
  }

  private static List<String> historyOfFluxyChat(EveryWire wires) {
    String target = "/api/messages?roomId=" + wires.room.name() + "&limit=500";
    List<String> order = new ArrayList<>(marks(wires.gets(target, wires.token("bob"))));
    if (!order.get(0).equals(heard(wires.host).get(0))) {
      Collections.reverse(order); // newest first
    }
    return order;
  }

  private static List<String> historyOfChannel(EveryWire wires) {
    List<String> order = new ArrayList<>();
    long since = 0;
    long head = 1;
    while (since < head) {
      String target = "/channels/" + wires.room.name() + "/messages?limit=100&since=" + since;
      String page = wires.gets(target, wires.token("pia"));
      order.addAll(marks(page));
      since = number(page, "to");
      head = number(page, "head");
    }
    return order;
  }

  private static List<String> historyOfPushFlo(EveryWire wires) {
    List<String> newestFirst = new ArrayList<>();
    for (int page = 1; page <= WRITERS * ROUNDS / 100 + 1; page++) {
      newestFirst.addAll(marks(wires.flowed(page)));
    }
    Collections.reverse(newestFirst);
    return newestFirst;
  }

  @Test
  void whatIsToldAndNotKeptHasItsPlaceInThatOrderToo() {
    EveryWire wires = new EveryWire("lobby", false);
    write(wires);

    List<String> host = heard(wires.host);
    assertThat(host).hasSize(WRITERS * ROUNDS);
    wires.clients.forEach(
        (name, client) -> {
          List<String> order = heard(client.hears());
          assertThat(order).as(name).isEqualTo(host);
        });
    assertThat(historyOfChannel(wires))
        .isEqualTo(host.stream().filter(mark -> !mark.startsWith("m2-")).toList());
  }
}
