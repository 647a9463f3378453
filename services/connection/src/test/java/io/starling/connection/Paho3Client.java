package io.starling.connection;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho's Java client for MQTT 3.1.1. */
final class Paho3Client implements OtherClient {
  private final MqttClient client;
  private final MqttConnectOptions options = new MqttConnectOptions();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  Paho3Client(As as) throws MqttException {
    client = new MqttClient(as.url(), as.id(), new MemoryPersistence());
    client.setTimeToWait(LIMIT_SECONDS * 1_000);
    client.setCallback(new Received());
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setUserName(as.user());
    options.setPassword(as.password().toCharArray());
    options.setCleanSession(!as.keeps());
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
    client.subscribe(filter, qos);
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
      received.add(topic + " " + message.getQos() + " " + message);
    }

    @Override
    public void connectionLost(Throwable cause) {
      // What waits for something then fails.
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
      // Waited for where it is published.
    }
  }
}
