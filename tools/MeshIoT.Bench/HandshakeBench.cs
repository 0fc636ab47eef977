using MeshIoT.Crypto;
using MeshIoT.WireGuard;

namespace MeshIoT.Bench;

/// <summary>Handshakes per second of the core, without sockets.</summary>
static class HandshakeBench
{
    const int Batch = 32;

    /// <summary>Everything two devices do for a session: initiation, response, confirmation, keys on both sides.</summary>
    public static Measurement BothRoles(string name, CryptoSuite suite)
    {
        var pair = new DevicePair(suite);
        return Measurement.Take("handshake, both roles", name, "handshakes/s", Batch, () => { }, () =>
        {
            for (int i = 0; i < Batch; i++)
            {
                pair.Shake();
            }
        });
    }

    /// <summary>What a busy gateway does: an initiation in, a response out, a session ready.</summary>
    public static Measurement ResponderOnly(string name, CryptoSuite suite)
    {
        var pair = new DevicePair(suite);
        byte[][] initiations = new byte[Batch][];
        long[] times = new long[Batch];
        void Prepare()
        {
            for (int i = 0; i < Batch; i++)
            {
                pair.Initiate();
                initiations[i] = pair.First[..pair.Initiator.Written];
                times[i] = pair.NowMs;
            }
        }

        return Measurement.Take("handshake, responder", name, "handshakes/s", Batch, Prepare, () =>
        {
            for (int i = 0; i < Batch; i++)
            {
                DevicePair.Expect(pair.Responder.Receive(initiations[i], 0, initiations[i].Length, DevicePair.Source, times[i], pair.Second, 0), DeviceResult.SendToNetwork);
            }
        });
    }
}
