package io.fluxy.protocol.fluxy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaksTest {
  /** A watch that nobody ends takes the next test's log for its own, whatever that one plans. */
  @Test
  void whoeverStartsAServerLooksAtItsLog() {
    classes()
        .that(
            describe(
                "start servers",
                test ->
                    test.getSimpleName().endsWith("Test")
                        && test.getMethodCallsFromSelf().stream().anyMatch(LeaksTest::starts)))
        .should(
            callMethodWhere(
                describe(
                    "looks at the log",
                    (JavaMethodCall call) ->
                        is(call, Leaks.class)
                            && Set.of("log", "checkLog").contains(call.getName()))))
        .check(new ClassFileImporter().importPackages("io.fluxy.protocol.fluxy"));
  }

  private static boolean starts(JavaMethodCall call) {
    return is(call, ChatServer.class)
        && Set.of("setup", "start", "withLobby").contains(call.getName());
  }

  private static boolean is(JavaCall<?> call, Class<?> of) {
    return call.getTargetOwner().isEquivalentTo(of);
  }
}
