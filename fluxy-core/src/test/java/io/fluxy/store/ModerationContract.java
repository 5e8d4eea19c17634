package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Sanction;
import org.junit.jupiter.api.Test;

/** What every store must keep of sanctions, reports and audits; part of {@link StoreContract}. */
abstract class ModerationContract extends StoreStories {
  ModerationContract(StoreContract suite) {
    super(suite);
  }

  private static Event.Imposed imposed(long seq, String who, Sanction sanction, long untilMs) {
    return new Event.Imposed(seq, T0 + seq, who, sanction, untilMs, "", "zoe");
  }

  @Test
  void sanctionsFollowTheLog() {
    Room lobby = founded(LOBBY);
    lobby.append(
        imposed(1, "ann", Sanction.MUTE, T0 + 60),
        imposed(2, "ann", Sanction.BAN, Long.MAX_VALUE),
        imposed(3, "bob", Sanction.MUTE, T0 + 70),
        imposed(4, "cid", Sanction.KICK, 0));
    assertThat(lobby.open(1).sanctions())
        .containsExactly(
            new SanctionRecord("ann", T0 + 60, Long.MAX_VALUE),
            new SanctionRecord("bob", T0 + 70, 0));

    lobby.append(imposed(5, "ann", Sanction.UNBAN, 0), imposed(6, "bob", Sanction.UNMUTE, 0));
    assertThat(lobby.open(1).sanctions()).containsExactly(new SanctionRecord("ann", T0 + 60, 0));
    assertThat(founded(ATTIC).open(1).sanctions()).isEmpty();
  }

  @Test
  void reportsAndAuditsAreKeptPerProjectNewestFirst() {
    var first = new OperatorStore.ReportRecord("shop", "r1", "lobby", "ann", 7L, "spam \u00fc", T0);
    var second = new OperatorStore.ReportRecord("shop", "r2", "lobby", "bob", null, "", T0 + 1);
    get(store().operators().addReport(first));
    get(store().operators().addReport(second));
    assertThat(get(store().operators().reports("shop", 9))).containsExactly(second, first);
    assertThat(get(store().operators().reports("shop", 1))).containsExactly(second);
    assertThat(get(store().operators().reports("school", 9))).isEmpty();

    var audit =
        new OperatorStore.AuditRecord(
            "shop", "a1", "boss", "owner", "admin.mute", "user", "bob", "t-1", "{}", T0);
    get(store().operators().addAudit(audit));
    assertThat(get(store().operators().audits("shop", 9))).containsExactly(audit);
    assertThat(get(store().operators().audits("school", 9))).isEmpty();
  }
}
