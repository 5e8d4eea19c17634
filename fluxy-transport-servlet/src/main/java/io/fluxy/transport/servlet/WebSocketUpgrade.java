package io.fluxy.transport.servlet;

import io.fluxy.Fluxy;
import io.fluxy.connection.Handshake;
import io.fluxy.time.Scheduler;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Switches protocols, in the subprotocol that the engine has chosen, without extensions. */
final class WebSocketUpgrade {
  private WebSocketUpgrade() {}

  /** Upgrades; the handshake is opened once the client has been told. */
  static void accept(
      HttpServletRequest request,
      HttpServletResponse response,
      Handshake handshake,
      Fluxy fluxy,
      Scheduler scheduler)
      throws ServletException, IOException {
    // looked up now: some containers have none yet when servlets are initialised
    ServerContainer container =
        (ServerContainer) request.getServletContext().getAttribute(UpgradeRequest.CONTAINER);
    String chosen = handshake.subprotocol();
    List<String> subprotocols = chosen == null ? List.of() : List.of(chosen);
    ServerEndpointConfig config =
        ServerEndpointConfig.Builder.create(Endpoint.class, "/fluxy") // Jetty wants a public class
            .subprotocols(subprotocols)
            .configurator(
                new Prepared(new WebSocketEndpoint(fluxy, handshake, scheduler), subprotocols))
            .build();
    try {
      container.upgradeHttpToWebSocket(request, response, config, Map.of());
    } catch (DeploymentException e) {
      throw new ServletException(e);
    }
  }

  /** Hands out the endpoint of one client; not all containers keep a config's user properties. */
  private static final class Prepared extends ServerEndpointConfig.Configurator {
    private final WebSocketEndpoint endpoint;
    private final List<String> subprotocols;

    Prepared(WebSocketEndpoint endpoint, List<String> subprotocols) {
      this.endpoint = endpoint;
      this.subprotocols = subprotocols;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(endpoint);
    }

    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
      return subprotocols.isEmpty() ? "" : subprotocols.get(0);
    }

    @Override
    public List<Extension> getNegotiatedExtensions(
        List<Extension> installed, List<Extension> requested) {
      return List.of();
    }

    /** The engine has decided on it. */
    @Override
    public boolean checkOrigin(String origin) {
      return true;
    }
  }
}
