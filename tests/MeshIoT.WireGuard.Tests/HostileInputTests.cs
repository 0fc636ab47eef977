using System;
using System.Linq;
using CsCheck;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Random and bit-flipped bytes at every entry: never an exception, never a delivery, always a reason, and the tunnel still works afterwards.</summary>
public class HostileInputTests
{
    readonly EavesdroppingWire wire = new();

    [Fact]
    public void Random_datagrams_are_rejected_and_counted()
    {
        wire.Connect();
        var random = new Random(1);
        int[] lengths = [0, 1, 3, 4, 31, 32, 33, 63, 64, 65, 91, 92, 93, 147, 148, 149, 1500, 65535];
        long dropped = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(300) : lengths[random.Next(lengths.Length - (i % 50 == 0 ? 0 : 1))]];
            random.NextBytes(bytes);
            if (bytes.Length >= 4 && random.Next(4) != 0)
            {
                (bytes[0], bytes[1], bytes[2], bytes[3]) = ((byte)random.Next(6), 0, 0, 0);
            }

            if (bytes.Length >= 16 && random.Next(2) == 0)
            {
                // A receiver index that exists.
                BitConverter.TryWriteBytes(bytes.AsSpan(bytes[0] == 2 ? 8 : 4), wire.Responder.PeerOf(wire.Initiator).Keypairs.Current!.LocalIndex);
            }

            Assert.Equal(DeviceResult.Rejected, wire.Inject(wire.Responder, bytes));
            Assert.NotEqual(DeviceFault.None, wire.LastFault);
            dropped++;
        }

        Assert.Equal(dropped, Enum.GetValues<DeviceFault>().Sum(wire.Responder.Device.DropCount));
        StillWorks();
    }

    [Fact]
    public void Every_bit_of_every_message_matters()
    {
        wire.Responder.Device.UnderLoad = true;
        wire.Send(wire.Initiator);
        wire.Advance(3000);
        wire.Responder.Device.UnderLoad = false;
        wire.IsCut = true;
        wire.Advance(3000);
        byte[] initiation = wire.Log.Last(c => c.Kind == PacketKind.Initiation).Bytes;
        FlipAll(wire.Responder, initiation, 132);
        Assert.Equal(DeviceResult.SendToNetwork, wire.Inject(wire.Responder, initiation));
        byte[] response = wire.Log.Last(c => c.Kind == PacketKind.Response).Bytes;
        FlipAll(wire.Initiator, response, 76);
        Assert.Equal(DeviceResult.Done, wire.Inject(wire.Initiator, response));
        byte[] data = wire.Log.Last(c => c.Kind == PacketKind.Data).Bytes;
        FlipAll(wire.Responder, data, data.Length);
        Assert.Equal(DeviceResult.DeliverToHost, wire.Inject(wire.Responder, data));
        wire.IsCut = false;
        StillWorks();
    }

    void FlipAll(TestNode node, byte[] message, int length)
    {
        for (int bit = 0; bit < length * 8; bit++)
        {
            byte[] flipped = (byte[])message.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(DeviceResult.DeliverToHost, wire.Inject(node, flipped));
            Assert.NotEqual(DeviceFault.None, wire.LastFault);
        }
    }

    [Fact]
    public void Cut_and_lengthened_messages_are_rejected()
    {
        wire.Connect();
        wire.Advance(10_000);
        wire.Initiator.PeerOf(wire.Responder).RequestHandshake();
        wire.Advance(100);
        wire.Send(wire.Initiator);
        wire.Advance(100);
        foreach (Captured original in wire.Log.ToArray())
        {
            for (int length = 0; length < original.Bytes.Length + 40; length++)
            {
                byte[] bytes = new byte[length];
                original.Bytes.AsSpan(0, Math.Min(length, original.Bytes.Length)).CopyTo(bytes);
                if (length != original.Bytes.Length)
                {
                    Assert.Equal(DeviceResult.Rejected, wire.Inject(original.To, bytes));
                }
            }
        }

        StillWorks();
    }

    [Fact]
    public void Host_packets_of_any_shape_are_sent_staged_or_refused()
    {
        byte[] output = new byte[4000];
        wire.Connect();
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                if (bytes.Length > 24)
                {
                    bytes[0] = (byte)(bytes[0] & 0x2F | 0x40);
                    wire.Initiator.Device.AllowedIPs.Insert(bytes[16..20], 16, wire.Initiator.PeerOf(wire.Responder));
                }

                Assert.NotEqual(DeviceResult.DeliverToHost, wire.Initiator.Device.Send(bytes, 0, bytes.Length, wire.NowMs, output, 0));
            },
            iter: 5000,
            threads: 1,
            seed: "0000KOIPe036");
        StillWorks();
    }

    [Fact]
    public void A_trusted_peer_may_send_anything_inside_and_only_packets_get_out()
    {
        wire.Connect();
        Keypair keypair = wire.Initiator.PeerOf(wire.Responder).Keypairs.Current!;
        var random = new Random(7);
        ulong counter = 1000;
        for (int i = 0; i < 5000; i++)
        {
            byte[] inner = new byte[random.Next(1, 120)];
            random.NextBytes(inner);
            inner[0] = (byte)(inner[0] & 0x2F | 0x40);
            if (inner.Length >= 20 && random.Next(2) == 0)
            {
                (inner[2], inner[3]) = (0, (byte)random.Next(130));
                new byte[] { 10, 0, 0, 1 }.CopyTo(inner, 12);
            }

            byte[] datagram = new byte[32 + inner.Length];
            datagram[0] = 4;
            BitConverter.TryWriteBytes(datagram.AsSpan(4), keypair.RemoteIndex);
            BitConverter.TryWriteBytes(datagram.AsSpan(8), counter);
            keypair.Seal(counter++, inner, 0, inner.Length, datagram, 16);
            int before = wire.Responder.Delivered.Count;
            DeviceResult result = wire.Inject(wire.Responder, datagram);
            bool valid = inner[0] >> 4 == 4 && inner.Length >= 20 && ((inner[2] << 8) | inner[3]) is int total && total >= 20 && total <= inner.Length
                && inner.AsSpan(12, 4).SequenceEqual(new byte[] { 10, 0, 0, 1 });
            Assert.Equal(valid, result == DeviceResult.DeliverToHost);
            Assert.Equal(before + (valid ? 1 : 0), wire.Responder.Delivered.Count);
        }

        wire.Initiator.PeerOf(wire.Responder).Keypairs.Current!.SendCounter = counter;
        StillWorks();
    }

    [Fact]
    public void The_end_of_the_counter_ends_the_session_not_the_tunnel()
    {
        wire.Connect();
        wire.Initiator.PeerOf(wire.Responder).Keypairs.Current!.SendCounter = ProtocolLimits.RejectAfterMessages - 2;
        wire.Advance(10_000);
        for (int i = 0; i < 4; i++)
        {
            wire.Send(wire.Initiator, number: i);
        }

        wire.Advance(1000);
        Assert.Equal([0, 1, 2, 3], wire.Responder.Delivered.Select(InnerPackets.NumberOf));
        Assert.Equal(1, wire.Count(PacketKind.Initiation, wire.Initiator));
    }

    [Fact]
    public void Either_side_renews_after_2_to_the_60_packets()
    {
        wire.Connect();
        wire.Advance(10_000);
        wire.Responder.PeerOf(wire.Initiator).Keypairs.Current!.SendCounter = ProtocolLimits.RekeyAfterMessages;
        wire.Send(wire.Responder);
        Assert.Equal(1, wire.Count(PacketKind.Initiation, wire.Responder));
    }

    void StillWorks()
    {
        int before = wire.Initiator.Delivered.Count + wire.Responder.Delivered.Count;
        wire.Advance(20_000);
        wire.Send(wire.Initiator);
        wire.Advance(6000);
        wire.Send(wire.Responder);
        wire.Advance(6000);
        Assert.Equal(before + 2, wire.Initiator.Delivered.Count + wire.Responder.Delivered.Count);
    }
}
