"""Runs the cases of the Autobahn test suite against a server.

    python run.py SUITE URL [--messages N] [--at-once N] [CASE ...]

SUITE is the folder of the unpacked package `autobahntestsuite`, which is written for Python 2. Its cases are read as they are,
and run here on the `autobahn` of today: what Python 2 called a string is text of one byte a character (Latin-1) to them, and
is made bytes, and text again, where it goes to the wire and comes from it.

Cases that send a thousand messages send N. Names of cases, such as 6 or 12.1, choose those that begin so.

The last line counts the results. The exit status is 1 unless every case is OK or only informational.
"""

import argparse
import binascii
import collections
import importlib.abc
import importlib.util
import pathlib
import re
import sys
import types

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol, connectWS
from autobahn.websocket.utf8validator import Utf8Validator as Validator
from twisted.internet import defer, reactor


def wire(text):
    """Bytes, of what Python 2 called a string."""
    return text.encode("latin-1") if isinstance(text, str) else text


class Utf8Validator(Validator):
    def validate(self, text):
        return super().validate(wire(text))


class Cases(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the cases, and reads them as Python 3."""

    # All that these need of Python 2 besides its strings. Case 9.9.1 is in no list of theirs.
    CHANGES = [
        (r"(?m)^from case9_9_1 import \*$", ""),
        (r"(?m)^(\s*)print\b.*$", r"\1pass"),
        (r"\bxrange\b", "range"),
        (r"\(object, Case, ?\)", "(Case,)"),
        (r"len\(self\.payload\) / ", "len(self.payload) // "),
        # Names that the library has changed.
        (r"(request|accept)NoContextTakeover", r"\1_no_context_takeover"),
        (r"(request|accept)MaxWindowBits", r"\1_max_window_bits"),
    ]

    def __init__(self, suite):
        self.folder = suite / "autobahntestsuite" / "case"
        # What the cases name of other packages, for strings of theirs.
        sys.modules["binascii"] = self.module("binascii", b2a_hex=self.hexadecimal, hexlify=self.hexadecimal)
        sys.modules["pkg_resources"] = self.module(
            "pkg_resources", resource_filename=lambda _, name: str(suite / "autobahntestsuite" / name)
        )
        sys.modules["autobahn.websocket.utf8validator"] = self.module("utf8validator", Utf8Validator=Utf8Validator)
        sys.meta_path.insert(0, self)
        self.all = self.load("cases", self.folder / "__init__.py").Cases
        base = sys.modules["case"].Case
        base.compare = lambda self, one, other: one == other

    @staticmethod
    def module(name, **members):
        module = types.ModuleType(name)
        vars(module).update(members)
        return module

    @staticmethod
    def hexadecimal(text):
        return binascii.b2a_hex(wire(text)).decode()

    def load(self, name, path):
        module = types.ModuleType(name)
        self.read(path, module)
        return module

    def read(self, path, module):
        source = path.read_text("latin-1")
        for old, new in self.CHANGES:
            source = re.sub(old, new, source)
        exec(compile(source, str(path), "exec"), vars(module))

    def find_spec(self, name, path=None, target=None):
        found = path is None and name.startswith("case") and (self.folder / f"{name}.py").exists()
        return importlib.util.spec_from_loader(name, self) if found else None

    def exec_module(self, module):
        self.read(self.folder / f"{module.__name__}.py", module)


class Peer(WebSocketClientProtocol):
    """What the cases call `p`."""

    connectionWasOpen = False
    createWirelog = False

    def connectionMade(self):
        self.txFrameStats = collections.Counter()
        self.run_case = self.factory.Case(self)
        super().connectionMade()

    # To the wire.

    def sendFrame(self, opcode, payload="", **options):
        super().sendFrame(opcode, payload=wire(payload), **options)

    def sendMessage(self, payload, isBinary=False, **options):
        super().sendMessage(wire(payload), isBinary, **options)

    def sendMessageFrameData(self, payload, sync=False):
        super().sendMessageFrameData(wire(payload), sync)

    def sendCloseFrame(self, code=None, reasonUtf8=None, **options):
        super().sendCloseFrame(code, wire(reasonUtf8), **options)

    # From the wire.

    def onOpen(self):
        self.connectionWasOpen = True
        self.run_case.onOpen()

    def onMessage(self, payload, isBinary):
        text = payload if hasattr(self.run_case, "testData") else payload.decode("latin-1")
        self.run_case.onMessage(text, isBinary)

    def onPing(self, payload):
        self.run_case.onPing(payload.decode("latin-1"))
        super().onPing(payload)

    def onPong(self, payload):
        self.run_case.onPong(payload.decode("latin-1"))

    def onClose(self, wasClean, code, reason):
        self.run_case.onClose(wasClean, code, reason)

    def connectionLost(self, reason):
        super().connectionLost(reason)
        self.run_case.onConnectionLost(self.failedByMe)
        self.factory.done.callback(self.run_case)

    # What the cases want to be done later, or to be logged.

    def later(self, delay, do, *arguments):
        reactor.callLater(delay, lambda: self.state != self.STATE_CLOSED and do(*arguments))

    def continueLater(self, delay, do, tag=None):
        self.later(delay, do)

    def killAfter(self, delay):
        self.later(delay, self._fail_connection)

    def closeAfter(self, delay):
        self.later(delay, self.sendClose)

    def enableWirelog(self, enable):
        pass

    def logTxFrame(self, header, payload, repeat_length, chopsize, sync):
        self.txFrameStats[header.opcode] += 1


class Factory(WebSocketClientFactory):
    protocol = Peer
    noisy = False

    def __init__(self, url, Case):
        super().__init__(url)
        # By default each of these is a second, which is little where many cases run at once.
        self.setProtocolOptions(failByDrop=False, closeHandshakeTimeout=20, serverConnectionDropTimeout=20)
        self.logFrames = True
        self.Case = Case
        self.done = defer.Deferred()

    def clientConnectionFailed(self, connector, reason):
        self.done.errback(reason)


def case_id(Case):
    return Case.__name__.removeprefix("Case").replace("_", ".")


def chosen(Cases, names):
    for Case in Cases:
        if not names or any(f"{case_id(Case)}.".startswith(f"{name}.") for name in names):
            yield Case


@defer.inlineCallbacks
def run_one(url, Case, results):
    factory = Factory(url, Case)
    connectWS(factory)
    try:
        case = yield factory.done
    except Exception as error:
        results[case_id(Case)] = ("FAILED", f"no connection: {error}")
        return
    behaviors = {case.behavior, case.behaviorClose}
    worst = next(iter(behaviors - {"OK", "INFORMATIONAL"}), case.behavior)
    unclean = case.p.wasNotCleanReason or ""
    said = f"{case.result} {case.resultClose} {unclean} Expected {str(case.expected)[:300]}, received {str(case.received)[:300]}."
    results[case_id(Case)] = (worst, said)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("suite", type=pathlib.Path)
    arguments.add_argument("url")
    arguments.add_argument("--messages", type=int, default=1000)
    arguments.add_argument("--at-once", type=int, default=8)
    arguments.add_argument("cases", nargs="*")
    arguments = arguments.parse_intermixed_args()

    cases = list(chosen(Cases(arguments.suite).all, arguments.cases))
    for Case in cases:
        if hasattr(Case, "COUNT"):
            Case.COUNT = min(Case.COUNT, arguments.messages)
    results = {}
    turns = defer.DeferredSemaphore(arguments.at_once)
    every = defer.gatherResults([turns.run(run_one, arguments.url, Case, results) for Case in cases])
    every.addErrback(lambda failure: failure.printTraceback())
    every.addBoth(lambda _: reactor.stop())
    reactor.run()

    for name, (behavior, said) in results.items():
        if behavior not in ("OK", "INFORMATIONAL"):
            print(f"{name}: {behavior}. {said}")
    counts = collections.Counter(behavior for behavior, _ in results.values())
    print(f"{len(results)} cases: " + ", ".join(f"{count} {behavior}" for behavior, count in sorted(counts.items())))
    good = counts["OK"] + counts["INFORMATIONAL"]
    sys.exit(0 if cases and good == len(cases) else 1)


if __name__ == "__main__":
    main()
