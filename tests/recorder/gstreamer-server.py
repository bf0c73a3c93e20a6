"""An RTSP server that Citywatch did not write: GStreamer's, playing one MP4 file from its start to each client, with digest authentication.

Usage: gstreamer-server.py FILE USER PASSWORD [h264|h265]. Prints its port, then serves until it is ended.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
path, user, password = sys.argv[1:4]
codec = sys.argv[4] if len(sys.argv) > 4 else "h264"
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
factory.set_launch('( filesrc location="%s" ! qtdemux ! %sparse ! rtp%spay name=pay0 pt=96 config-interval=1 )' % (path, codec, codec))
permissions = GstRtspServer.RTSPPermissions()
permissions.add_role("viewer")
permissions.add_permission_for_role("viewer", "media.factory.access", True)
permissions.add_permission_for_role("viewer", "media.factory.construct", True)
factory.set_permissions(permissions)
server.get_mount_points().add_factory("/cam", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
