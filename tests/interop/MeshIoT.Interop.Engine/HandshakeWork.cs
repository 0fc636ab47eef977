using System.Net;
using MeshIoT.Node.Engine;

namespace MeshIoT.Interop.Engine;

/// <summary>Has the engine begin a new handshake with the peer that owns an address, whatever the age of its keys.</summary>
sealed class HandshakeWork(IPAddress target) : EngineWork
{
    public override void Run(PacketEngine engine, long nowMs)
    {
        if (engine.Routes.Find(target.GetAddressBytes()) is { } entry)
        {
            engine.Wake(entry).Peer.RequestHandshake();
        }
    }
}
