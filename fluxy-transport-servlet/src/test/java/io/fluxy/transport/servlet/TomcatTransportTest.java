package io.fluxy.transport.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.connection.TransportClient;
import io.fluxy.connection.TransportContract;
import io.fluxy.connection.TransportScript.Guest;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.server.ServerContainer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.Test;

class TomcatTransportTest extends ServletTransportContract {
  @Override
  protected TransportContract.Running start(Servlet servlet, String contextPath, String pattern)
      throws Exception {
    return new TomcatServer(servlet, contextPath, pattern);
  }

  /** Tomcat calls a reason that is not UTF-8 a breach of the protocol. */
  @Override
  protected List<Integer> acceptable(int code) {
    return List.of(code == 1007 ? 1002 : code);
  }

  @Test
  void withoutJakartaWebSocketASocketIsNotImplementedAndAllElseWorks() throws Exception {
    Servlet servlet = new FluxyServlet(fluxy());
    TomcatServer bare = new TomcatServer("", context -> TomcatServer.add(context, servlet, "/*"));
    try (TransportClient socket = TransportClient.connect(bare.port());
        TransportClient client = TransportClient.connect(bare.port())) {
      socket.askUpgrade("/ws");
      TransportClient.Answer answer = socket.answer();
      assertThat(answer.status()).isEqualTo(501);
      assertThat(answer.text()).isEqualTo("{\"error\":\"websocket_not_supported\"}");

      client.say("GET /x HTTP/1.1", "Host: localhost", "");
      assertThat(client.answer().text()).isEqualTo("ok");
    } finally {
      bare.stop();
    }
  }

  @Test
  void aContainerThatCannotUpgradeWithinARequestSaysSo() throws Exception {
    Object container =
        Proxy.newProxyInstance(
            ServerContainer.class.getClassLoader(),
            new Class<?>[] {ServerContainer.class},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException("only supported with servlets");
            });
    Servlet servlet = new FluxyServlet(fluxy());
    TomcatServer other =
        new TomcatServer(
            "",
            context -> {
              context.getServletContext().setAttribute(UpgradeRequest.CONTAINER, container);
              TomcatServer.add(context, servlet, "/*");
            });
    try (TransportClient socket = TransportClient.connect(other.port())) {
      socket.askUpgrade("/ws");
      assertThat(socket.answer().status()).isEqualTo(501);
    } finally {
      other.stop();
    }
  }

  @Test
  void aFilterTakesWhatIsFluxysAndLeavesTheRestToTheApplication() throws Exception {
    TomcatServer shared = new TomcatServer("", this::filtered);
    try (TransportClient client = TransportClient.connect(shared.port());
        TransportClient socket = TransportClient.webSocket(shared.port(), "/ws/lobby")) {
      Guest guest = guest();
      socket.text("hello");
      assertThat(guest.hears()).isEqualTo("hello");

      client.say("GET /x HTTP/1.1", "Host: localhost", "");
      assertThat(client.answer().text()).isEqualTo("ok");
      client.say("GET /other/house HTTP/1.1", "Host: localhost", "");
      assertThat(client.answer().text()).isEqualTo("neighbour");
    } finally {
      shared.stop();
    }
  }

  private void filtered(Context context) {
    context.addServletContainerInitializer(new WsSci(), null);
    FilterDef filter = new FilterDef();
    filter.setFilterName("fluxy");
    filter.setFilter(new FluxyFilter(fluxy()));
    filter.setAsyncSupported("true");
    context.addFilterDef(filter);
    FilterMap everything = new FilterMap();
    everything.setFilterName("fluxy");
    everything.addURLPattern("/*");
    everything.setDispatcher(DispatcherType.REQUEST.name());
    everything.setDispatcher(DispatcherType.ASYNC.name());
    context.addFilterMap(everything);
    TomcatServer.add(context, new Neighbour(), "/");
  }

  private static final class Neighbour extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentLength(9);
      response.getWriter().print("neighbour");
    }
  }
}
