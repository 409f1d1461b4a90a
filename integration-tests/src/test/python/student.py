#!/usr/bin/env python3
"""A student's program for a step of the lab, written from docs/students.md; right, or wrong as students are.

usage: student.py HOST PORT ID RECEIVER good|bad          (LAB_PASSWORD logs in as ID)

good: sends two messages and answers each message with both receipts.
bad: leaves a field out, and sends no receipts.
Prints "message TEXT" for each message that comes. Ends with its standard input.
"""

import json
import os
import sys
import uuid

import paho.mqtt.client as mqtt

HOST, PORT, ME, OTHER, MANNER = sys.argv[1:]
ROOT = "ttm4175/chat"


def on_connect(client, *rest):
    client.subscribe(f"{ROOT}/{ME}/#", qos=1)


def on_subscribe(client, *rest):
    for text in ("one", "two"):
        message = {"sender": ME, "receiver": OTHER, "message": text, "uuid": uuid.uuid4().hex}
        if MANNER == "bad":
            del message["uuid"]
        client.publish(f"{ROOT}/{OTHER}/message", json.dumps(message), qos=1)


def on_message(client, userdata, incoming):
    if not incoming.topic.endswith("/message"):
        return
    message = json.loads(incoming.payload)
    print("message", message["message"], flush=True)
    if MANNER == "good":
        for status in ("delivered", "read"):
            receipt = {"sender": ME, "receiver": message["sender"], "status": status, "uuid": message["uuid"]}
            client.publish(f"{ROOT}/{message['sender']}/{status}", json.dumps(receipt), qos=1)


try:
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION1)
except AttributeError:
    client = mqtt.Client()
client.username_pw_set(ME, os.environ["LAB_PASSWORD"])
client.on_connect = on_connect
client.on_subscribe = on_subscribe
client.on_message = on_message
client.connect(HOST, int(PORT))
client.loop_start()
sys.stdin.read()
client.disconnect()
