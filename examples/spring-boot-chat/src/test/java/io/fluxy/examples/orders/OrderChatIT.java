package io.fluxy.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.Fluxy;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.datasource.url=jdbc:h2:mem:shop",
      "server.tomcat.basedir=target/tomcat" // else it leaves a folder behind
    })
class OrderChatIT {
  @Value("${local.server.port}")
  private int port;

  @Autowired private Fluxy fluxy;

  @Test
  void aCustomerAndTheStaffTalkAboutAnOrder() throws Exception {
    Visitor ann = new Visitor(port, "ann");
    Visitor sam = new Visitor(port, "sam");
    String order = ann.orders("a red bicycle");

    ann.enters(order).hears("I ordered a red bicycle");
    sam.enters(order).hears("I ordered a red bicycle");
    sam.says("It leaves tomorrow.");
    assertThat(ann.hears("It leaves tomorrow.")).contains("\"userId\":\"sam\"");
    ann.says("Thank you!");
    assertThat(sam.hears("Thank you!")).contains("\"userId\":\"ann\"");
    assertThat(sam.get("/api/orders")).contains(order);
  }

  @Test
  void anotherCustomerDoesNotGetIntoTheRoomOfAnOrder() throws Exception {
    String order = new Visitor(port, "ann").orders("a kite");
    Visitor bob = new Visitor(port, "bob");

    assertThatThrownBy(() -> bob.enters(order)).isInstanceOf(CompletionException.class);
    assertThat(bob.get("/api/orders")).doesNotContain(order);
  }

  @Test
  void nobodyHearsOfAnOrderThatWasTakenBack() throws Exception {
    Visitor ann = new Visitor(port, "ann");
    long before = fluxy.messagesPosted();

    assertThat(ann.orders("a unicorn")).isEmpty();
    assertThat(ann.get("/api/orders")).doesNotContain("unicorn");
    assertThat(fluxy.messagesPosted()).isEqualTo(before);
  }
}
