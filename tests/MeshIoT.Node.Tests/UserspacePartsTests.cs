using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Naming;
using MeshIoT.Node.Session;
using MeshIoT.Node.Userspace;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>The small parts between two threads, and the tables.</summary>
public class UserspacePartsTests
{
    [Fact]
    public async Task A_ring_hands_every_byte_from_one_thread_to_the_other_in_order()
    {
        const int total = 4_000_000;
        ByteRing ring = new(4096);
        Task writer = Task.Run(() =>
        {
            byte[] piece = new byte[1000];
            Random random = new(1);
            for (int sent = 0; sent < total;)
            {
                int count = Math.Min(random.Next(1, piece.Length), total - sent);
                for (int i = 0; i < count; i++)
                {
                    piece[i] = (byte)((sent + i) * 31);
                }

                for (int done = 0; done < count; Thread.Yield())
                {
                    done += ring.Write(piece.AsSpan(done, count - done));
                }

                sent += count;
            }
        });

        byte[] buffer = new byte[777];
        for (int received = 0; received < total; Thread.Yield())
        {
            int count = ring.Read(buffer);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal((byte)((received + i) * 31), buffer[i]);
            }

            received += count;
        }

        await writer;
        Assert.Equal((0, 4096), (ring.Count, ring.Free));
    }

    [Fact]
    public async Task A_gate_remembers_one_set_and_never_loses_one()
    {
        AsyncGate gate = new();
        gate.Set();
        gate.Set();
        await gate.WaitAsync(CancellationToken.None);
        ValueTask waiting = gate.WaitAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        gate.Set();
        await waiting;

        int counter = 0;
        Task setter = Task.Run(() =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                Interlocked.Increment(ref counter);
                gate.Set();
            }
        });
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (Volatile.Read(ref counter) < 100_000)
        {
            await gate.WaitAsync(limit.Token);
        }

        await setter;
    }

    [Fact]
    public async Task A_cancelled_wait_does_not_disturb_the_next()
    {
        AsyncGate gate = new();
        for (int i = 0; i < 200; i++)
        {
            using CancellationTokenSource cancel = new();
            Task wait = gate.WaitAsync(cancel.Token).AsTask();
            _ = Task.Run(cancel.Cancel);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        }

        ValueTask last = gate.WaitAsync(CancellationToken.None);
        gate.Set();
        await last;
    }

    static Control.Peer PeerNamed(string label, string suffix, string address) =>
        new() { ID = 1, Label = label, Suffix = suffix, Addresses = [System.Net.IPNetwork.Parse(address + "/32")] };

    [Fact]
    public void A_short_name_means_the_node_of_our_own_domain_first()
    {
        NameTable names = NameTable.Create(
            new NamedNode("me.tail.example", [System.Net.IPAddress.Parse("100.64.0.1")]),
            [PeerNamed("boiler", ".other.example.", "100.64.0.2"), PeerNamed("boiler", ".tail.example.", "100.64.0.3"), PeerNamed("pump", ".other.example.", "100.64.0.4")]);
        Assert.True(names.TryFind("Boiler", out NamedNode? boiler) && boiler.FullName == "boiler.tail.example");
        Assert.True(names.TryFind("pump", out NamedNode? pump) && pump.FullName == "pump.other.example");
        Assert.True(names.TryFind("ME.", out NamedNode? me) && me.FullName == "me.tail.example");
        Assert.True(names.TryFind("boiler.OTHER.example.", out NamedNode? other) && other.FullName == "boiler.other.example");
        Assert.False(names.TryFind("pump.tail.example", out _));
        Assert.True(names.TryFind("100.64.0.2", out NamedNode? shared) && shared.FullName == "boiler.other.example");
        Assert.False(names.TryFind("100.64.0.9", out _));
        Assert.False(names.TryFind("", out _));
    }

    [Fact]
    public void A_pin_matches_its_key_however_it_is_typed()
    {
        MachinePublicKey key = MachinePublicKey.FromBytes(Enumerable.Range(0, 32).Select(static n => (byte)n).ToArray());
        string pin = PinCheck.PinOf(key);
        Assert.Equal(16, pin.Length);
        Assert.True(PinCheck.Matches(pin.ToLowerInvariant(), key));
        Assert.True(PinCheck.Matches(string.Join('-', pin.Chunk(4).Select(static part => new string(part))), key));
        Assert.True(PinCheck.Matches(pin.Replace('0', 'O').Replace('1', 'l'), key));
        Assert.False(PinCheck.Matches(pin[..15] + (pin[15] == 'A' ? 'B' : 'A'), key));
        Assert.False(PinCheck.IsPin(pin[..15]));
        Assert.False(PinCheck.IsPin(pin + "0"));
        Assert.False(PinCheck.IsPin("UUUUUUUUUUUUUUUU"));
    }

    [Fact]
    public void Early_initiations_come_out_in_order_while_they_are_of_use_and_the_oldest_gives_way()
    {
        EarlyInitiations early = new();
        byte[] datagram = new byte[EarlyInitiations.Size], source = new byte[Endpoints.Size];
        for (int i = 0; i < 20; i++)
        {
            datagram[0] = (byte)i;
            early.Keep(datagram, source, default, i * 1000);
        }

        Assert.True(early.TryTake(datagram, source, out _, 20_000));
        Assert.Equal(16, datagram[0]);
        Assert.True(early.TryTake(datagram, source, out _, 20_000));
        Assert.Equal(17, datagram[0]);
        Assert.False(early.TryTake(datagram, source, out _, 60_000));
    }
}
