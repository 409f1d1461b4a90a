package labchat.broker.rooms;

import labchat.protocol.event.RequestFault;

/** Carries the reason why a request is not carried out; seen in this package only. */
final class RoomFault extends Exception {

    private static final long serialVersionUID = 1;

    private final transient RequestFault fault;

    RoomFault(RequestFault fault) {
        super(fault.reason(), null, false, false);
        this.fault = fault;
    }

    RequestFault fault() {
        return fault;
    }
}
