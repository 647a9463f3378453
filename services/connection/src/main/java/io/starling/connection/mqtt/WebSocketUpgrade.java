package io.starling.connection.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one HTTP request of a WebSocket (RFC 6455, section 4.2). It must be for {@code /mqtt}, offer
 * MQTT as subprotocol (MQTT 5, section 6), and come from a page that may do so, if from one.
 */
final class WebSocketUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String PATH = "/mqtt";

  /** {@code mqttv3.1} is what old browser clients ask for. */
  private static final String SUBPROTOCOLS = "mqtt,mqttv3.1";

  private static final int MOST_LINE = 4 << 10;
  private static final int MOST_HEADERS = 8 << 10;
  private static final int MOST_BODY = 1 << 10;

  private final MqttListener.Options options;

  private WebSocketUpgrade(MqttListener.Options options) {
    this.options = options;
  }

  /** Puts HTTP, and what is left of it afterwards, between the socket and MQTT. */
  static void before(Wire wire, ChannelPipeline pipeline, MqttListener.Options options) {
    String name = pipeline.context(wire).name();
    var _ =
        pipeline
            .addBefore(name, null, new HttpServerCodec(MOST_LINE, MOST_HEADERS, MOST_HEADERS))
            .addBefore(name, null, new HttpObjectAggregator(MOST_BODY))
            .addBefore(name, null, new WebSocketUpgrade(options))
            .addBefore(name, null, new WebSocketFrames());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    var refusal = refusal(request);
    if (refusal != null) {
      refuse(context, refusal);
      return;
    }
    var handshaker =
        new WebSocketServerHandshakerFactory("", SUBPROTOCOLS, frames()).newHandshaker(request);
    if (handshaker == null) {
      var _ =
          WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(context.channel())
              .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    var _ = handshaker.handshake(context.channel(), request);
    var _ = context.pipeline().remove(this);
  }

  /** Compression would cost memory for each connection, for payloads that are small. */
  private WebSocketDecoderConfig frames() {
    return WebSocketDecoderConfig.newBuilder()
        .allowExtensions(false)
        .maxFramePayloadLength(2 * options.maxPacketBytes())
        .withUTF8Validator(false)
        .build();
  }

  private @Nullable HttpResponseStatus refusal(FullHttpRequest request) {
    var headers = request.headers();
    if (request.decoderResult().isFailure()) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    if (!path(request.uri()).equals(PATH)) {
      return HttpResponseStatus.NOT_FOUND;
    }
    if (!request.method().equals(HttpMethod.GET)
        || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        || !headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    if (!mayComeFrom(headers.get(HttpHeaderNames.ORIGIN))) {
      return HttpResponseStatus.FORBIDDEN;
    }
    boolean offersMqtt =
        headers.getAllAsString(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .anyMatch(
                offered -> Arrays.asList(SUBPROTOCOLS.split(",", -1)).contains(offered.strip()));
    return offersMqtt ? null : HttpResponseStatus.BAD_REQUEST;
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  /** Only browsers say where they come from. */
  private boolean mayComeFrom(@Nullable String origin) {
    return options.origins().isEmpty()
        || origin == null
        || options.origins().contains(origin.toLowerCase(Locale.ROOT));
  }

  private static void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    var _ =
        response
            .headers()
            .set(HttpHeaderNames.CONTENT_LENGTH, 0)
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
