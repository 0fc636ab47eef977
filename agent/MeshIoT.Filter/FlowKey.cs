namespace MeshIoT.Filter;

/// <summary>A conversation as its inbound packets show it: from the peer to us.</summary>
internal readonly record struct FlowKey(byte Protocol, InnerAddress Remote, ushort RemotePort, InnerAddress Local, ushort LocalPort);
