package io.fluxy.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class the chat, the room and the time that they ask for as parameters: see
 * {@link FluxyExtension}.
 *
 * <pre>{@code
 * @FluxyTest
 * class LobbyTest {
 *   @Test
 *   void whatIsSaidIsHeard(TestRoom room) {
 *     TestClient ann = room.enters("ann");
 *     TestClient bob = room.enters("bob");
 *
 *     ann.says("hi");
 *
 *     bob.hears("hi");
 *   }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FluxyExtension.class)
public @interface FluxyTest {}
