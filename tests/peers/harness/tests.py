"""What can be known of the harness without a server: `python3 -m unittest harness.tests`."""

import unittest
from pathlib import Path

from harness.compile import read_template, render
from harness.cost import parse_strace
from harness.peers import GROUPS, HERE, PEERS, chosen
from harness.scenarios import FILES, HTTP, ROUTES, WEBSOCKET
from harness.server import Server
from harness.throughput import medians_ratio, paired


class Scenarios(unittest.TestCase):
    def test_a_request_has_its_headers_and_the_length_of_its_body(self):
        head, body = HTTP["echo-json"].bytes().split(b"\r\n\r\n", 1)
        self.assertTrue(head.startswith(b"POST /echo-json HTTP/1.1\r\nHost: localhost\r\n"))
        self.assertIn(b"Content-Length: %d" % len(body), head)
        self.assertIn(b"\r\nCookie: ", HTTP["browser"].bytes())

    def test_a_numbered_route_that_is_asked_for_exists(self):
        for name in ("routes-10", "routes", "routes-10k"):
            request = HTTP[name]
            self.assertLess(int(request.path[2:6]), request.routes)
        self.assertEqual(HTTP["plaintext"].routes, ROUTES)

    def test_a_flood_tells_wsload_its_window_and_its_kind(self):
        given = WEBSOCKET["ws-flood-text"].arguments(8000, "--messages", 5, connections=1)
        self.assertEqual(given, "flood --port 8000 --conns 1 --size 128 --window 64 --messages 5 --text".split())

    def test_a_room_is_full_also_where_its_cost_is_counted(self):
        self.assertEqual(WEBSOCKET["ws-room"].counted_connections, 1000)
        self.assertEqual(WEBSOCKET["ws-rtt"].counted_connections, 1)

    def test_a_page_counts_however_it_is_escaped_but_not_without(self):
        page = HTTP["template"]
        for escape in (b"&amp;", b"&#38;", b"&#x26;"):
            self.assertTrue(page.is_answered_by(page.answer.replace(b"&", escape)))
        self.assertFalse(page.is_answered_by(page.answer))
        self.assertFalse(page.is_answered_by(page.answer.replace(b"&", b"&lt;")))

    def test_any_answer_will_do_where_none_is_said(self):
        self.assertTrue(HTTP["inline"].is_answered_by(b"whatever"))
        self.assertFalse(HTTP["plaintext"].is_answered_by(b"whatever"))

    def test_a_file_has_the_size_that_its_name_says(self):
        self.assertEqual({name: len(content) for name, content in FILES.items()}, {"1k.txt": 1024, "64k.txt": 65536})


class Peers(unittest.TestCase):
    def test_a_group_stands_for_its_members_each_once(self):
        self.assertEqual(chosen("axum,frameworks")[:2], ["axum", "actix"])
        self.assertEqual(len(chosen("axum,frameworks")), len(GROUPS["frameworks"]))

    def test_an_unknown_peer_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "no peer `axxum`"):
            chosen("axxum")

    def test_every_package_is_there(self):
        for package, _ in PEERS.values():
            self.assertTrue((HERE / package / "Cargo.toml").exists(), package)

    def test_every_knob_and_pool_is_one_that_the_source_knows(self):
        knobs = (HERE / "hyper-knobs/src/main.rs").read_text()
        for group in GROUPS["knobs"]:
            knob = group.removeprefix("knob-")
            self.assertTrue(knob == "base" or f'"{knob}"' in knobs, knob)


class Servers(unittest.TestCase):
    def test_a_command_may_set_variables(self):
        server = Server.parse("mine=A=1 B='x y' path/to/server --flag a=b")
        self.assertEqual((server.name, server.env), ("mine", {"A": "1", "B": "x y"}))
        self.assertEqual(server.command, ["path/to/server", "--flag", "a=b"])

    def test_a_name_without_a_command_is_refused(self):
        with self.assertRaises(SystemExit):
            Server.parse("mine")


class Cost(unittest.TestCase):
    def test_the_total_of_strace_is_no_system_call(self):
        summary = """% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000300           1       200           sendto
 40.00    0.000200           1       300         3 recvfrom
------ ----------- ----------- --------- --------- ----------------
100.00    0.000500           1       500         3 total
"""
        self.assertEqual(parse_strace(summary), [("recvfrom", 300), ("sendto", 200)])


class Throughput(unittest.TestCase):
    def test_a_sample_is_paired_with_the_reference_around_it(self):
        samples = [{"cpu": 300, "base": {"cpu": 200}}, {"cpu": 100, "base": {"cpu": 200}}, {"cpu": 100}]
        self.assertEqual(paired(samples, "cpu"), [0.5, 1.5])
        self.assertEqual(medians_ratio(samples, [{"cpu": 50}], "cpu"), 2.0)


class Compile(unittest.TestCase):
    def test_every_template_has_one_first_handler_that_can_be_edited(self):
        for path in Path(HERE, "compile").glob("*.rs.in"):
            parts = read_template(path.read_text())
            for handlers in (1, 3):
                source = render(parts, handlers)
                self.assertEqual(source.count("edited 0"), handlers, path)
                self.assertIn(f"handler_{handlers - 1:04}", source, path)
            self.assertIn("=", parts["deps"], path)


if __name__ == "__main__":
    unittest.main()
