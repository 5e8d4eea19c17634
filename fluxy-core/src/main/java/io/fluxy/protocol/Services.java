package io.fluxy.protocol;

import io.fluxy.agent.Agents;
import io.fluxy.auth.Platform;
import io.fluxy.auth.Projects;
import io.fluxy.auth.Tokens;
import io.fluxy.chat.Limits;
import io.fluxy.connection.Gate;
import io.fluxy.connection.Lines;
import io.fluxy.hook.Webhooks;
import io.fluxy.http.Origins;
import io.fluxy.room.Erasure;
import io.fluxy.store.Directory;
import io.fluxy.store.OperatorStore;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * What an engine lends to its protocols.
 *
 * @param guestProject whose public rooms anybody may visit; null for none
 */
public record Services(
    Scheduler scheduler,
    Limits limits,
    Store store,
    Erasure erasure,
    Directory directory,
    Projects projects,
    Platform platform,
    Tokens tokens,
    Gate gate,
    Webhooks webhooks,
    OperatorStore operators,
    Lines lines,
    Agents agents,
    Origins origins,
    @Nullable String guestProject,
    Health health) {}
