package io.fluxy.transport.jetty;

import io.fluxy.chat.Limits;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.util.concurrent.CompletionStage;

/** What the handler asks of Fluxy; tests answer in its place. */
interface Engine {
  boolean serves(String rawPath);

  CompletionStage<ApiResponse> answer(ApiRequest request);

  CompletionStage<Handshake> handshake(ApiRequest request);

  Limits limits();
}
