package labchat.it.neverlost;

import java.util.concurrent.TimeUnit;

/** Where the broker is at the moment: on other ports after each start, and nowhere in between. Any thread. */
final class Address {

    private int port;
    private int webSocketPort;
    private boolean up;

    synchronized void up(int mqtt, int webSocket) {
        port = mqtt;
        webSocketPort = webSocket;
        up = true;
        notifyAll();
    }

    synchronized void down() {
        up = false;
    }

    /** The port, or 0 if there is no broker within a short while. */
    synchronized int await(boolean webSocket) throws InterruptedException {
        if (!up) {
            TimeUnit.MILLISECONDS.timedWait(this, 100);
        }
        return up ? webSocket ? webSocketPort : port : 0;
    }
}
