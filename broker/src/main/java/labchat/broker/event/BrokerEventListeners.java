package labchat.broker.event;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells several listeners; one that throws is reported and hurts neither the others nor the connection. */
public final class BrokerEventListeners implements BrokerEventListener {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerEventListeners.class);

    private final List<BrokerEventListener> all;
    private final List<BrokerEventListener> changing;
    private final boolean wantsPackets;
    private final boolean wantsPayload;
    private final boolean wantsWaits;

    public BrokerEventListeners(List<BrokerEventListener> all) {
        this.all = List.copyOf(all);
        this.changing =
                all.stream().filter(BrokerEventListener::changesItsWants).toList();
        List<BrokerEventListener> settled =
                all.stream().filter(listener -> !listener.changesItsWants()).toList();
        this.wantsPackets = settled.stream().anyMatch(BrokerEventListener::wantsPackets);
        this.wantsPayload = settled.stream().anyMatch(BrokerEventListener::wantsPayload);
        this.wantsWaits = all.stream().anyMatch(BrokerEventListener::wantsWaits);
    }

    @Override
    public void onEvent(BrokerEvent event) {
        for (BrokerEventListener listener : all) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                LOG.error("{} failed", listener.getClass().getSimpleName(), e);
            }
        }
    }

    @Override
    public void onPacket(PacketTrace packet) {
        for (BrokerEventListener listener : all) {
            try {
                if (listener.wantsPackets()) {
                    listener.onPacket(packet);
                }
            } catch (RuntimeException e) {
                LOG.error("{} failed", listener.getClass().getSimpleName(), e);
            }
        }
    }

    @Override
    public void onWait(Wait what, long nanos) {
        for (BrokerEventListener listener : all) {
            try {
                if (listener.wantsWaits()) {
                    listener.onWait(what, nanos);
                }
            } catch (RuntimeException e) {
                LOG.error("{} failed", listener.getClass().getSimpleName(), e);
            }
        }
    }

    @Override
    public boolean wantsWaits() {
        return wantsWaits;
    }

    @Override
    public boolean wantsPackets() {
        if (wantsPackets) {
            return true;
        }
        for (BrokerEventListener listener : changing) {
            if (listener.wantsPackets()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean wantsPayload() {
        if (wantsPayload) {
            return true;
        }
        for (BrokerEventListener listener : changing) {
            if (listener.wantsPayload()) {
                return true;
            }
        }
        return false;
    }
}
