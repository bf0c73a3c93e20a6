"""A camera that Citywatch did not write: GStreamer's RTSP server with digest authentication, which plays one H.264 clip over and over, without a break in its
timestamps, until it has handed so many pictures to a client's payloader, and then says BYE. Each client gets a play of its own, from the first picture.

Usage: gstreamer-camera.py FILE USER PASSWORD PICTURES. Prints JSON lines: {"port": N}, then {"play": N, "pushed": PICTURES} whenever a play came to its end.
Ends when its standard input closes.
"""
import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
path, user, password, pictures = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])


def tell(message):
    print(json.dumps(message), flush=True)


def read_clip():
    """Caps, access units in decoding order, and the duration of one in ns."""
    reader = Gst.parse_launch(
        'filesrc location="%s" ! qtdemux ! h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=out sync=false' % path)
    out = reader.get_by_name("out")
    reader.set_state(Gst.State.PLAYING)
    caps, units = None, []
    while (sample := out.emit("pull-sample")) is not None:
        caps = sample.get_caps()
        buffer = sample.get_buffer()
        units.append((buffer.extract_dup(0, buffer.get_size()), buffer.duration))
    reader.set_state(Gst.State.NULL)
    return caps, units


caps, units = read_clip()
plays = 0


def configure(_factory, media):
    global plays
    plays += 1
    state = {"play": plays, "pushed": 0, "at": 0, "ended": False}
    source = media.get_element().get_by_name("source")
    source.set_property("caps", caps)

    def need(src, _length):
        if state["ended"]:
            return
        if state["pushed"] == pictures:
            state["ended"] = True
            src.emit("end-of-stream")
            tell({"play": state["play"], "pushed": state["pushed"]})
            return
        data, duration = units[state["pushed"] % len(units)]
        buffer = Gst.Buffer.new_wrapped(data)
        buffer.pts = buffer.dts = state["at"]
        buffer.duration = duration
        state["at"] += duration
        if src.emit("push-buffer", buffer) == Gst.FlowReturn.OK:
            state["pushed"] += 1

    source.connect("need-data", need)


server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
auth = GstRtspServer.RTSPAuth()
auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
token = GstRtspServer.RTSPToken()
token.set_string("media.factory.role", "viewer")
auth.add_digest(user, password, token)
server.set_auth(auth)

factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch("( appsrc name=source format=time block=false ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1 )")
permissions = GstRtspServer.RTSPPermissions()
permissions.add_role("viewer")
permissions.add_permission_for_role("viewer", "media.factory.access", True)
permissions.add_permission_for_role("viewer", "media.factory.construct", True)
factory.set_permissions(permissions)
factory.connect("media-configure", configure)
server.get_mount_points().add_factory("/cam", factory)
server.attach(None)

loop = GLib.MainLoop()


def end_with_parent():
    sys.stdin.read()
    loop.quit()


threading.Thread(target=end_with_parent, daemon=True).start()
tell({"port": server.get_bound_port()})
loop.run()
