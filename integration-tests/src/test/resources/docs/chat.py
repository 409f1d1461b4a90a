"""A logged-in program for the parts of programs in docs: connects as team2a, runs the part, and waits for the answer."""
import json
import threading
import paho.mqtt.client as mqtt

ME, ROOT = "team2a", "ttm4175/chat"
subscribed, answered = threading.Event(), threading.Event()


def on_message(client, userdata, incoming):
    if incoming.topic.split("/")[-1] in ("rooms", "history", "diagnostics"):
        print(incoming.topic, incoming.payload.decode())
        answered.set()


try:
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION1)
except AttributeError:
    client = mqtt.Client()
client.username_pw_set(ME, ME)
client.on_connect = lambda client, *rest: client.subscribe(f"{ROOT}/{ME}/#", qos=1)
client.on_subscribe = lambda *rest: subscribed.set()
client.on_message = on_message
client.connect("localhost", 1883)
client.loop_start()
assert subscribed.wait(30)
# BLOCK
assert answered.wait(30), "no answer from the server"
client.disconnect()
