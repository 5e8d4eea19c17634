package io.fluxy.testkit;

import java.util.Set;

/** What can be claimed of somebody who hears channels. */
public final class ChannelClientAssert
    extends RemoteAssert<ChannelClientAssert, TestChannelClient> {
  ChannelClientAssert(TestChannelClient client) {
    super(client, ChannelClientAssert.class);
  }

  /** It hears these channels, and no others. */
  public ChannelClientAssert hasChannels(String... channels) {
    if (!actual.channels().equals(Set.of(channels))) {
      fail(
          "%s should be in %s, but is in %s"
              .formatted(actual, Set.of(channels), actual.channels()));
    }
    return this;
  }

  /** It sees these users in a presence channel, and no others. */
  public ChannelClientAssert seesPresent(String channel, String... userIds) {
    if (!actual.present(channel).equals(Set.of(userIds))) {
      fail(
          "%s should see %s in %s, but sees %s"
              .formatted(actual, Set.of(userIds), channel, actual.present(channel)));
    }
    return this;
  }
}
