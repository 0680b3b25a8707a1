"""The Python library wampy as the other side of a scenario. Everything that it says is one line of JSON.

wampy_peer.py serve URL                registers get_binary_number and subscribes to news, until its standard input ends
wampy_peer.py call URL NAME JSON       calls with a list of positional arguments, or an object of keyword ones
wampy_peer.py publish URL TOPIC JSON   publishes an object of keyword arguments
"""
import json
import logging
import sys
import warnings

import gevent

warnings.simplefilter("ignore")

from wampy.peers.clients import Client  # noqa: E402
from wampy.roles.callee import callee  # noqa: E402
from wampy.roles.subscriber import subscribe  # noqa: E402

# It writes every message to standard output.
logging.disable(logging.CRITICAL)


def say(**what):
    print(json.dumps(what), flush=True)


class BinaryNumberService(Client):
    @callee
    def get_binary_number(self, integer):
        return bin(integer)

    @subscribe(topic="news")
    def on_news(self, *args, **kwargs):
        kwargs.pop("meta", None)
        say(event=kwargs)


def serve(url):
    with BinaryNumberService(url=url) as service:
        say(ready=service.session.id)
        gevent.get_hub().threadpool.apply(sys.stdin.read)


def call(url, name, arguments):
    given = json.loads(arguments)
    with Client(url=url) as client:
        procedure = getattr(client.rpc, name)
        say(result=procedure(*given) if isinstance(given, list) else procedure(**given))


def publish(url, topic, arguments):
    with Client(url=url) as client:
        client.publish(topic=topic, **json.loads(arguments))


{"serve": serve, "call": call, "publish": publish}[sys.argv[1]](*sys.argv[2:])
