package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Role;
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
            new SanctionRecord("ann", T0 + 60, Long.MAX_VALUE, false),
            new SanctionRecord("bob", T0 + 70, 0, false));

    lobby.append(imposed(5, "ann", Sanction.UNBAN, 0), imposed(6, "bob", Sanction.UNMUTE, 0));
    assertThat(lobby.open(1).sanctions())
        .containsExactly(new SanctionRecord("ann", T0 + 60, 0, false));
    assertThat(founded(ATTIC).open(1).sanctions()).isEmpty();
  }

  @Test
  void blocksFollowTheLogAndAreListedForWhoeverSetThem() {
    Room lobby = founded(LOBBY);
    lobby.append(
        new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "ann"),
        new Event.MemberAdded(2, T0 + 2, "bob", Role.MEMBER, "ann"),
        imposed(3, "bob", Sanction.BLOCK, Long.MAX_VALUE),
        imposed(4, "bob", Sanction.MUTE, T0 + 70));
    assertThat(lobby.open(1).sanctions())
        .containsExactly(new SanctionRecord("bob", T0 + 70, 0, true));
    assertThat(get(store().inbox().blocked("shop", "ann", 9))).containsExactly("bob");
    assertThat(get(store().inbox().blocked("shop", "bob", 9))).isEmpty();
    assertThat(get(store().inbox().blocked("school", "ann", 9))).isEmpty();

    lobby.append(imposed(5, "bob", Sanction.UNMUTE, 0), imposed(6, "bob", Sanction.UNBLOCK, 0));
    assertThat(lobby.open(1).sanctions()).isEmpty();
    assertThat(get(store().inbox().blocked("shop", "ann", 9))).isEmpty();
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
