#!/usr/bin/env python3
"""A chat program as students write it: paho-mqtt, MQTT 3.1.1, no client id, QoS 0.

usage: lab_client.py HOST PORT ID          (LAB_PASSWORD logs in as ID; without it there is no login)

Reads commands from standard input, one a line:
    say RECEIVER UUID TEXT
    typing RECEIVER
    watch
    quit
Prints what arrives, one event a line:
    ready
    message SENDER UUID TEXT
    delivered SENDER UUID
    read SENDER UUID
    typing SENDER
    presence USER STATUS SINCE      (after "watch")
A message is answered with a delivered and a read receipt. Like the lab's own code it dispatches on the
end of the topic, and its receipts carry no status.
"""

import json
import os
import sys

import paho.mqtt.client as mqtt

ROOT = "ttm4175/chat"


class LabClient:
    def __init__(self, own_id):
        self.own_id = own_id
        self.watching = False
        self.client = mqtt.Client(client_id="", clean_session=True, protocol=mqtt.MQTTv311)
        self.client.on_connect = self.on_connect
        self.client.on_subscribe = lambda client, userdata, mid, granted: print(
            "ready" if granted[0] < 128 else "subscription refused", flush=True
        )
        self.client.on_message = self.on_message

    def on_connect(self, client, userdata, flags, code):
        if code != 0:
            print("refused", code, flush=True)
            os._exit(1)
        client.subscribe(ROOT + "/" + self.own_id + "/#", qos=0)

    def on_message(self, client, userdata, packet):
        if self.watching and packet.topic.endswith("presence"):
            content = json.loads(packet.payload.decode("utf-8"))
            print("presence", content["sender"], content["status"], content["since"], flush=True)
        if not packet.topic.endswith(("message", "delivered", "read", "typing")):
            return
        content = json.loads(packet.payload.decode("utf-8"))
        sender = content["sender"]
        if packet.topic.endswith("message"):
            print("message", sender, content["uuid"], content["message"], flush=True)
            self.receipt("delivered", sender, content["uuid"])
            self.receipt("read", sender, content["uuid"])
        elif packet.topic.endswith("typing"):
            print("typing", sender, flush=True)
        else:
            print(packet.topic.rsplit("/", 1)[1], sender, content["uuid"], flush=True)

    def send(self, receiver, kind, **fields):
        payload = {"sender": self.own_id, "receiver": receiver, **fields}
        self.client.publish(ROOT + "/" + receiver + "/" + kind, json.dumps(payload), qos=0)

    def receipt(self, kind, receiver, uuid):
        self.send(receiver, kind, uuid=uuid)

    def run(self, host, port):
        password = os.environ.get("LAB_PASSWORD")
        if password is not None:
            self.client.username_pw_set(self.own_id, password)
        self.client.connect(host, port, keepalive=30)
        self.client.loop_start()
        for line in sys.stdin:
            words = line.rstrip("\n").split(" ", 3)
            if words[0] == "say":
                self.send(words[1], "message", message=words[3], uuid=words[2])
            elif words[0] == "typing":
                self.send(words[1], "typing")
            elif words[0] == "watch":
                self.watching = True
                self.client.subscribe(ROOT + "/+/presence", qos=1)
            elif words[0] == "quit":
                break
        self.client.disconnect()
        self.client.loop_stop()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: lab_client.py HOST PORT ID")
    LabClient(sys.argv[3]).run(sys.argv[1], int(sys.argv[2]))
