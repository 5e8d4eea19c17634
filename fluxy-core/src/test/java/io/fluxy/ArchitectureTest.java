package io.fluxy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The house as DESIGN.md draws it: arrows go one way, and time, threads and chance come in by one
 * door.
 */
class ArchitectureTest {
  private static final Path HOME = home();
  private static final JavaClasses CORE = new ClassFileImporter().importPath(HOME);

  /** Package to the packages of ours that it may use. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          row("chat"),
          row("time"),
          row("wire", "chat"),
          row("store", "chat"),
          row("room", "chat", "store", "wire", "time"),
          row("auth", "chat", "store", "time"),
          row("attachment", "chat", "store", "time"),
          row("http", "chat", "wire"),
          row("hook", "chat", "time", "store", "wire", "auth"),
          row("connection", "chat", "time", "store", "wire", "room", "auth", "http", "hook"),
          row(
              "agent",
              "chat",
              "time",
              "store",
              "wire",
              "room",
              "auth",
              "http",
              "hook",
              "connection"),
          row(
              "console",
              "agent",
              "attachment",
              "chat",
              "time",
              "store",
              "wire",
              "room",
              "auth",
              "http",
              "hook",
              "connection",
              "protocol"),
          row(
              "protocol",
              "agent",
              "attachment",
              "chat",
              "time",
              "store",
              "wire",
              "room",
              "auth",
              "http",
              "hook",
              "connection"));

  private static Map.Entry<String, List<String>> row(String name, String... others) {
    return Map.entry(name, List.of(others));
  }

  /** Where core's own classes lie, and no tests. */
  private static Path home() {
    try {
      return Path.of(Fluxy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Arguments> table() {
    return MAY_USE.entrySet().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
  }

  @Test
  void everyPackageIsInTheTable() {
    Set<String> packages =
        CORE.stream()
            .map(type -> type.getPackageName().split("\\.", -1))
            .filter(parts -> parts.length > 2)
            .map(parts -> parts[2])
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(packages).isEqualTo(new TreeSet<>(MAY_USE.keySet()));
    assertThat(CORE).hasSizeGreaterThan(80);
  }

  @ParameterizedTest(name = "{0} uses {1}")
  @MethodSource("table")
  void aPackageUsesNoOthersOfOursThanTheTableSays(String name, List<String> others) {
    String[] allowed =
        Stream.concat(
                Stream.of("io.fluxy." + name + ".."),
                others.stream().map(other -> "io.fluxy." + other + ".."))
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage("io.fluxy." + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.fluxy..").and(DescribedPredicate.not(resideInAnyPackage(allowed))))
        .check(CORE);
  }

  @Test
  void nobodyUsesTheRoot() {
    noClasses()
        .that()
        .resideInAPackage("io.fluxy.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fluxy")
        .check(CORE);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("io.fluxy.(**)").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void aProtocolKnowsNoOther() {
    slices()
        .matching("io.fluxy.protocol.(*)..")
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void coreKnowsNoServerNoDatabaseAndNoLoggerButTheFacade() {
    classes()
        .that()
        .doNotHaveFullyQualifiedName("io.fluxy.FluxyMetrics") // of no use without Micrometer
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "io.fluxy..",
                "java.io..",
                "java.lang..",
                "java.net..",
                "java.nio..",
                "java.security..",
                "java.text..",
                "java.time..",
                "java.util..",
                "javax.crypto..",
                "javax.net..",
                "com.fasterxml.jackson.core..",
                "com.nimbusds..",
                "org.slf4j",
                "org.jspecify.annotations"))
        .check(CORE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "javax.sql..",
            "jakarta..",
            "javax.servlet..",
            "org.eclipse.jetty..",
            "org.jooq..",
            "com.sun.net..")
        .check(CORE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fluxy.auth..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .check(CORE);
  }

  @Test
  void timeThreadsAndChanceComeFromTheSchedulerAlone() {
    DescribedPredicate<JavaAccess<?>> sideDoor =
        DescribedPredicate.describe(
            "take time, threads or chance from the JDK", call -> isSideDoor(call));

    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.fluxy.time.ThreadScheduler")
        .and()
        .doNotHaveFullyQualifiedName("io.fluxy.time.VirtualScheduler") // chance from a seed
        .should()
        .accessTargetWhere(sideDoor)
        .check(CORE);
  }

  @Test
  void theSideDoorsAreKnown() {
    JavaClasses production =
        CORE.that(
            DescribedPredicate.describe(
                "are the production scheduler",
                (JavaClass type) -> type.getName().equals("io.fluxy.time.ThreadScheduler")));

    assertThat(
            production.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(ArchitectureTest::isSideDoor)
                .map(call -> call.getTargetOwner().getSimpleName()))
        .as("the rule sees what the production scheduler does")
        .contains("System", "Executors", "SecureRandom");
  }

  private static boolean isSideDoor(JavaAccess<?> call) {
    JavaClass owner = call.getTargetOwner();
    String name = call.getName();
    return switch (owner.getName()) {
      case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
      case "java.time.Clock" -> name.startsWith("system");
      case "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.time.LocalTime",
          "java.time.OffsetDateTime",
          "java.time.ZonedDateTime",
          "java.time.YearMonth" ->
          name.equals("now");
      case "java.util.Date" -> name.equals("<init>") && parameters(call).isEmpty();
      case "java.util.UUID" -> name.equals("randomUUID");
      case "java.lang.Math" -> name.equals("random");
      case "java.util.Random",
          "java.util.SplittableRandom",
          "java.security.SecureRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.ThreadPoolExecutor",
          "java.util.concurrent.ScheduledThreadPoolExecutor",
          "java.util.Timer" ->
          true;
      case "java.lang.Thread" -> !name.equals("currentThread") && !name.equals("interrupt");
      case "java.lang.Object" -> name.equals("wait");
      default ->
          name.startsWith("parallel")
              || (owner.isAssignableTo(CompletableFuture.class) && usesTheCommonPool(call));
    };
  }

  private static List<JavaClass> parameters(JavaAccess<?> call) {
    return call.getTarget() instanceof CodeUnitAccessTarget target
        ? target.getRawParameterTypes()
        : List.of();
  }

  private static boolean usesTheCommonPool(JavaAccess<?> call) {
    boolean timed =
        call.getName().equals("orTimeout") || call.getName().equals("completeOnTimeout");
    boolean async = call.getName().endsWith("Async");
    boolean hasExecutor =
        parameters(call).stream()
            .anyMatch(type -> type.getName().equals("java.util.concurrent.Executor"));
    return timed || call.getName().equals("delayedExecutor") || (async && !hasExecutor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"util", "utils", "common", "impl", "manager", "helper", "misc", "service"})
  void nothingIsCalledAfterNothing(String word) {
    noClasses().should().resideInAPackage("io.fluxy.." + word + "..").check(CORE);
    noClasses()
        .should()
        .haveSimpleNameEndingWith(Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .check(CORE);
  }

  @Test
  void nobodyPrintsOrExits() {
    noClasses()
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(CORE);
  }

  @Test
  void theModuleExportsWhatIsPublicAndNothingElse() {
    ModuleDescriptor module =
        ModuleFinder.of(HOME).find("io.fluxy.core").orElseThrow().descriptor();
    Set<String> exported =
        module.exports().stream()
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> withPublicTypes =
        CORE.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(exported).isEqualTo(withPublicTypes);
    assertThat(module.exports().stream().filter(ModuleDescriptor.Exports::isQualified)).isEmpty();
    assertThat(module.isOpen()).isFalse();
  }
}
