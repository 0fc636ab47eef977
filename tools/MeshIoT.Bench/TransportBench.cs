using MeshIoT.Crypto;
using MeshIoT.WireGuard;

namespace MeshIoT.Bench;

/// <summary>Data packets per second through the device: route, seal, timers; and open, replay window, allowed IPs. One thread, without sockets.</summary>
static class TransportBench
{
    const int Batch = 512;

    /// <summary>Two measurements over the same packets of <paramref name="size"/> bytes.</summary>
    public static Measurement[] SealAndOpen(string name, CryptoSuite suite, int size)
    {
        var pair = new DevicePair(suite);
        pair.Shake();
        byte[] packet = new byte[size];
        packet[0] = 0x45;
        packet[2] = (byte)(size >> 8);
        packet[3] = (byte)size;
        new byte[] { 10, 0, 0, 1, 10, 0, 0, 2 }.CopyTo(packet, 12);
        byte[][] datagrams = new byte[Batch][];
        for (int i = 0; i < Batch; i++)
        {
            datagrams[i] = new byte[size + 64];
        }

        int length = 0;
        void Seal()
        {
            for (int i = 0; i < Batch; i++)
            {
                DevicePair.Expect(pair.Initiator.Send(packet, 0, size, pair.NowMs, datagrams[i], 0), DeviceResult.SendToNetwork);
                length = pair.Initiator.Written;
            }
        }

        void Open()
        {
            for (int i = 0; i < Batch; i++)
            {
                DevicePair.Expect(pair.Responder.Receive(datagrams[i], 0, length, DevicePair.Source, pair.NowMs, pair.Second, 0), DeviceResult.DeliverToHost);
            }
        }

        return
        [
            Measurement.Take($"seal {size} B", name, "packets/s", Batch, () => { }, Seal),
            Measurement.Take($"open {size} B", name, "packets/s", Batch, Seal, Open),
        ];
    }
}
