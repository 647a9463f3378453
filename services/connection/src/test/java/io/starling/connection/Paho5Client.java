package io.starling.connection;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * Eclipse Paho's Java client for MQTT 5. Takes no topic aliases unless it is told to, and then
 * hands over messages without their topics.
 */
final class Paho5Client implements OtherClient {
  private final MqttClient client;
  private final MqttConnectionOptions options = new MqttConnectionOptions();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  Paho5Client(As as) throws MqttException {
    client = new MqttClient(as.url(), as.id(), new MemoryPersistence());
    client.setTimeToWait(LIMIT_SECONDS * 1_000);
    client.setCallback(new Received());
    options.setUserName(as.user());
    options.setPassword(as.password().getBytes(StandardCharsets.UTF_8));
    options.setCleanStart(!as.keeps());
    if (as.keeps()) {
      options.setSessionExpiryInterval(3_600L);
    }
    if (as.isSecure()) {
      options.setSocketFactory(as.context().getSocketFactory());
    }
  }

  @Override
  public boolean connect() throws MqttException {
    return client.connectWithResult(options).getSessionPresent();
  }

  @Override
  public void subscribe(String filter, int qos) throws MqttException {
    var _ = client.subscribe(filter, qos);
  }

  @Override
  public void publish(String topic, int qos, String payload) throws MqttException {
    client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, false);
  }

  @Override
  public String receive() throws InterruptedException {
    return OtherClient.next(received);
  }

  @Override
  public void close() {
    try {
      if (client.isConnected()) {
        client.disconnect();
      }
      client.close();
    } catch (MqttException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Received implements MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      String text = new String(message.getPayload(), StandardCharsets.UTF_8);
      received.add(topic + " " + message.getQos() + " " + text);
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      // What waits for something then fails.
    }

    @Override
    public void mqttErrorOccurred(MqttException cause) {
      // The same.
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // Waited for where it is published.
    }

    @Override
    public void connectComplete(boolean again, String url) {
      // Waited for where it connects.
    }

    @Override
    public void authPacketArrived(int code, MqttProperties properties) {
      // None is asked for.
    }
  }
}
